// Decisions in an order, a page at a time: rows and packs, as if they were one.
#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>

#include <fmt/format.h>

#include "pipeline/decision_store.h"
#include "pipeline/detail/closed_decisions.h"
#include "pipeline/detail/decision_rows.h"

namespace winnow {
namespace {

// A decision's place among all, newest first: "1772539506000000-3f21...".
struct Place {
  Timestamp decided_at = Timestamp::from_micros(std::numeric_limits<std::int64_t>::max());
  std::string id;
};

Result<Place> place_of(std::string_view text) {
  Place place;
  if (text.empty()) return place;
  std::int64_t micros = 0;
  const auto end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, micros);
  const bool has_next = micros < std::numeric_limits<std::int64_t>::max();
  if (error == std::errc() && has_next && rest != end && *rest == '-') {
    place = {Timestamp::from_micros(micros), std::string(rest + 1, end)};
    if (Digest::from_hex(place.id)) return place;
  }
  return Error(Code::InvalidArgument, "the cursor is none that a page ended with")
      .with_hint("begin again without one");
}

std::string text_of(const IdentifiedDecision& one) {
  return fmt::format("{}-{}", one.record.decided_at.micros(), one.id.hex());
}

// Escalations before queue entries before what a second stage left without a score. As
// is_more_urgent().
constexpr std::string_view kMostUrgent =
    "CASE route WHEN 'escalate' THEN 0 WHEN 'playbook' THEN 1 WHEN 'queue' THEN 2 ELSE 3 END, "
    "probability DESC NULLS LAST, event_time DESC, id";

bool is_newer_or_first(const IdentifiedDecision& a, const IdentifiedDecision& b) {
  if (a.record.decided_at != b.record.decided_at) return is_newer(a, b);
  return a.id < b.id;
}

std::optional<std::string> route_of(const DecisionFilter& filter) {
  return filter.route ? std::optional<std::string>(name_of(*filter.route)) : std::nullopt;
}

// Both are in `order`; so is what is returned, at most `limit`.
std::vector<IdentifiedDecision> joined(std::vector<IdentifiedDecision> rows,
                                       std::vector<IdentifiedDecision> closed,
                                       const DecisionOrder& order, std::size_t limit) {
  if (closed.empty()) return rows;
  std::vector<IdentifiedDecision> both;
  both.reserve(rows.size() + closed.size());
  std::ranges::merge(std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()),
                     std::make_move_iterator(closed.begin()), std::make_move_iterator(closed.end()),
                     std::back_inserter(both), order);
  if (both.size() > limit) both.resize(limit);
  return both;
}

std::vector<DecisionRecord> records_of(std::vector<IdentifiedDecision> decisions) {
  std::vector<DecisionRecord> records;
  records.reserve(decisions.size());
  for (auto& one : decisions) records.push_back(std::move(one.record));
  return records;
}

}  // namespace

Result<std::vector<DecisionRecord>> DecisionStore::list(const DecisionFilter& filter) {
  const bool by_time = filter.order == DecisionFilter::Order::NewestFirst;
  WINNOW_TRY(auto select, database_.prepare(fmt::format(
                              "SELECT {} FROM decisions WHERE (?1 IS NULL OR route = ?1) AND (?2 "
                              "IS NULL OR decided_at >= ?2) "
                              "AND (?3 IS NULL OR decided_at < ?3) AND (?4 = '' OR sender = ?4 OR "
                              "substr(sender, instr(sender, '@') + 1) = ?4) "
                              "AND (?5 IS NULL OR bundle = ?5) ORDER BY {} LIMIT ?6",
                              kDecisionColumns, by_time ? "decided_at DESC, id" : kMostUrgent)));
  WINNOW_TRY(select.bind(route_of(filter), filter.since, filter.until, filter.sender, filter.bundle,
                         filter.limit));
  std::vector<IdentifiedDecision> rows;
  WINNOW_TRY(read_decisions(select, rows));
  if (!has_packs_) return records_of(std::move(rows));
  const DecisionOrder order = by_time ? is_newer_or_first : is_more_urgent;
  const auto any = [](const IdentifiedDecision&) { return true; };
  // By urgency, closed decisions stand behind all others.
  const auto before = by_time ? 0 : std::ranges::count_if(rows, [](const IdentifiedDecision& one) {
    return one.record.decision.route != Route::Close;
  });
  using By = ClosedDecisions::By;
  WINNOW_TRY(auto closed,
             ClosedDecisions(database_).best(filter, by_time ? By::Time : By::Urgency, order, any,
                                             filter.limit - static_cast<std::uint64_t>(before)));
  return records_of(joined(std::move(rows), std::move(closed), order, filter.limit));
}

Result<DecisionPage> DecisionStore::page(const DecisionFilter& filter, std::string_view after) {
  WINNOW_TRY(const auto place, place_of(after));
  // Only the conditions that there are, so that SQLite finds the index that fits.
  std::string where = "(decided_at, id) < (?6, ?7)";
  if (filter.route) where += " AND route = ?1";
  if (filter.since) where += " AND decided_at >= ?2";
  if (filter.until) where += " AND decided_at < ?3";
  if (filter.sender.find('@') != std::string::npos) {
    where += " AND sender = ?4";
  } else if (!filter.sender.empty()) {
    where += " AND substr(sender, instr(sender, '@') + 1) = ?4";
  }
  if (filter.bundle) where += " AND bundle = ?5";
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM decisions WHERE {} ORDER BY "
                                           "decided_at DESC, id DESC LIMIT ?8",
                                           kDecisionColumns, where)));
  const auto limit = filter.limit + 1;  // one more tells whether there is another page
  WINNOW_TRY(select.bind(route_of(filter), filter.since, filter.until, filter.sender, filter.bundle,
                         place.decided_at, place.id, limit));
  std::vector<IdentifiedDecision> found;
  WINNOW_TRY(read_decisions(select, found));
  if (has_packs_) {
    const auto is_behind = [&](const IdentifiedDecision& one) {
      return std::pair(one.record.decided_at, one.id.hex()) < std::pair(place.decided_at, place.id);
    };
    auto up_to = filter;
    if (!after.empty()) {
      const auto behind = place.decided_at + std::chrono::microseconds(1);
      up_to.until = filter.until ? std::min(*filter.until, behind) : behind;
    }
    WINNOW_TRY(auto closed, ClosedDecisions(database_).best(up_to, ClosedDecisions::By::Time,
                                                            is_newer, is_behind, limit));
    found = joined(std::move(found), std::move(closed), is_newer, limit);
  }
  DecisionPage page;
  if (found.size() > filter.limit) {
    found.pop_back();
    page.next = found.empty() ? "" : text_of(found.back());
  }
  page.records = records_of(std::move(found));
  return page;
}

}  // namespace winnow
