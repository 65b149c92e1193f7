#include "pipeline/detail/closed_decisions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

namespace winnow {
namespace {

std::string_view domain_of(std::string_view sender) {
  const auto at = sender.find('@');
  return at == std::string_view::npos ? sender : sender.substr(at + 1);
}

std::uint64_t key_from(std::string_view digits, char filled_with) {
  std::string hex(digits.substr(0, 16));
  hex.append(16 - hex.size(), filled_with);
  return std::stoull(hex, nullptr, 16);
}

std::vector<IdentifiedDecision> identified(std::vector<DecisionRecord> records) {
  std::vector<IdentifiedDecision> found;
  found.reserve(records.size());
  for (auto& record : records) {
    const auto id = record.decision.id();
    found.push_back({id, std::move(record)});
  }
  return found;
}

// The first so many in an order, of any number: the last of them is at hand.
class Best {
 public:
  Best(const DecisionOrder& order, std::size_t limit) : order_(order), limit_(limit) {}

  bool is_full() const { return found_.size() >= limit_; }
  const IdentifiedDecision& last() const { return found_.front(); }
  void add(IdentifiedDecision one) {
    if (limit_ == 0 || (is_full() && !order_(one, last()))) return;
    if (is_full()) {
      std::ranges::pop_heap(found_, order_);
      found_.pop_back();
    }
    found_.push_back(std::move(one));
    std::ranges::push_heap(found_, order_);
  }
  std::vector<IdentifiedDecision> take() && {
    std::ranges::sort_heap(found_, order_);
    return std::move(found_);
  }

 private:
  const DecisionOrder& order_;
  std::size_t limit_;
  std::vector<IdentifiedDecision> found_;  // a heap, the last in order on top
};

double probability_of(const DecisionRecord& record) {
  return std::isnan(record.decision.probability) ? -1 : record.decision.probability;
}

}  // namespace

bool passes(const DecisionFilter& filter, const DecisionRecord& record) {
  const auto& decision = record.decision;
  return (!filter.route || decision.route == *filter.route) &&
         (!filter.since || record.decided_at >= *filter.since) &&
         (!filter.until || record.decided_at < *filter.until) &&
         (filter.sender.empty() || record.sender == filter.sender ||
          domain_of(record.sender) == filter.sender) &&
         (!filter.bundle || decision.bundle == *filter.bundle);
}

bool is_newer(const IdentifiedDecision& a, const IdentifiedDecision& b) {
  return std::tie(b.record.decided_at, b.id) < std::tie(a.record.decided_at, a.id);
}

bool is_more_urgent(const IdentifiedDecision& a, const IdentifiedDecision& b) {
  const auto place = [](const IdentifiedDecision& one) {
    constexpr std::array kByRoute = {3, 2, 0, 1};  // close, queue, escalate, playbook
    const auto& decision = one.record.decision;
    return std::tuple(kByRoute[static_cast<std::size_t>(decision.route)],
                      -probability_of(one.record), -decision.event_time.micros(), one.id);
  };
  return place(a) < place(b);
}

Result<std::size_t> ClosedDecisions::add(const PackedDecisions& packed) {
  WINNOW_TRY(database_->run(
      "INSERT OR IGNORE INTO closed_decisions (first, bundle, earliest, latest, decisions, "
      "most_probable, latest_event, senders, body) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
      packed.first, packed.bundle, packed.earliest, packed.latest, packed.size,
      packed.most_probable, packed.latest_event, packed.senders, SqliteBlob{packed.body}));
  if (database_->changes() == 0) return std::size_t{0};
  // Two questions: both answers of one would be looked for in all packs.
  WINNOW_TRY(auto select, database_->prepare("SELECT (SELECT min(pack) FROM closed_decisions),"
                                             " (SELECT max(pack) FROM closed_decisions)"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(select.next());
  std::uint64_t oldest = 0, newest = 0;
  WINNOW_TRY(select.read(oldest, newest));
  WINNOW_TRY(keys_.add(packed.keys, newest, oldest));
  return packed.size;
}

Result<std::vector<DecisionRecord>> ClosedDecisions::of_pack(std::uint64_t pack) {
  WINNOW_TRY(auto select, database_->prepare("SELECT body FROM closed_decisions WHERE pack = ?1"));
  WINNOW_TRY(select.bind(pack));
  WINNOW_TRY(const bool there, select.next());
  if (!there) return std::vector<DecisionRecord>();
  SqliteBlob body;
  WINNOW_TRY(select.read(body));
  auto records = unpack(body.bytes);
  if (!records)
    return std::move(records).error().with_context(
        fmt::format("reading pack {} of decisions", pack));
  return records;
}

Result<std::vector<IdentifiedDecision>> ClosedDecisions::with_prefix(std::string_view hex,
                                                                     std::size_t most) {
  WINNOW_TRY(const auto packs, keys_.packs(key_from(hex, '0'), key_from(hex, 'f')));
  std::vector<IdentifiedDecision> found;
  for (const auto pack : packs) {
    WINNOW_TRY(auto records, of_pack(pack));
    for (auto& one : identified(std::move(records))) {
      if (found.size() < most && one.id.hex().starts_with(hex)) found.push_back(std::move(one));
    }
    if (found.size() == most) break;
  }
  return found;
}

Result<std::vector<IdentifiedDecision>> ClosedDecisions::of_event(const Digest& event) {
  const auto key = PackedDecisions::key_of(event);
  WINNOW_TRY(const auto packs, keys_.packs(key, key));
  std::vector<IdentifiedDecision> found;
  for (const auto pack : packs) {
    WINNOW_TRY(auto records, of_pack(pack));
    std::erase_if(records, [&](const auto& record) { return record.decision.event != event; });
    std::ranges::move(identified(std::move(records)), std::back_inserter(found));
  }
  return found;
}

Result<std::vector<IdentifiedDecision>> ClosedDecisions::best(
    const DecisionFilter& filter, By by, const DecisionOrder& order,
    const std::function<bool(const IdentifiedDecision&)>& also, std::size_t limit) {
  Best best(order, limit);
  if (filter.route && *filter.route != Route::Close) return std::move(best).take();
  WINNOW_TRY(auto select,
             database_->prepare(fmt::format(
                 "SELECT pack, latest, most_probable, latest_event FROM closed_decisions WHERE "
                 "(?1 IS NULL OR latest >= ?1) AND (?2 IS NULL OR earliest < ?2) AND (?3 IS NULL "
                 "OR bundle = ?3) "
                 "AND (?4 = '' OR instr(senders, char(10) || ?4 || char(10)) > 0 OR "
                 "instr(senders, '@' || ?4 || char(10)) > 0) ORDER BY {} DESC",
                 by == By::Time ? "latest" : "most_probable DESC, latest_event")));
  WINNOW_TRY(select.bind(filter.since, filter.until, filter.bundle, filter.sender));
  while (limit > 0) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    std::uint64_t pack = 0;
    Timestamp latest, latest_event;
    double most_probable = 0;
    WINNOW_TRY(select.read(pack, latest, most_probable, latest_event));
    if (best.is_full()) {
      const auto& last = best.last().record;
      const bool too_late = by == By::Time
                                ? latest < last.decided_at
                                : std::pair(most_probable, latest_event) <
                                      std::pair(probability_of(last), last.decision.event_time);
      if (too_late) break;
    }
    WINNOW_TRY(auto records, of_pack(pack));
    std::erase_if(records, [&](const auto& record) { return !passes(filter, record); });
    for (auto& one : identified(std::move(records))) {
      if (also(one)) best.add(std::move(one));
    }
  }
  return std::move(best).take();
}

Result<std::vector<OldDecision>> ClosedDecisions::oldest(Timestamp before,
                                                         const std::optional<OldDecision>& after,
                                                         std::size_t limit) {
  const DecisionOrder is_older = [](const auto& a, const auto& b) { return is_newer(b, a); };
  Best best(is_older, limit);
  WINNOW_TRY(auto select,
             database_->prepare("SELECT pack, earliest FROM closed_decisions WHERE earliest < ?1 "
                                "AND (?2 IS NULL OR latest >= ?2) ORDER BY earliest"));
  const auto from = after ? std::optional(after->decided_at) : std::nullopt;
  WINNOW_TRY(select.bind(before, from));
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    std::uint64_t pack = 0;
    Timestamp earliest;
    WINNOW_TRY(select.read(pack, earliest));
    if (best.is_full() && earliest > best.last().record.decided_at) break;
    WINNOW_TRY(auto records, of_pack(pack));
    for (auto& one : identified(std::move(records))) {
      const auto& at = one.record.decided_at;
      if (at >= before || (after && std::tie(at, one.id) <= std::tie(after->decided_at, after->id)))
        continue;
      best.add(std::move(one));
    }
  }
  std::vector<OldDecision> found;
  for (const auto& one : std::move(best).take())
    found.push_back({one.id, one.record.decision.event, one.record.decided_at});
  return found;
}

// The pack keeps its name and its place, so that what comes twice is known.
Status ClosedDecisions::rewrite(std::uint64_t pack, std::vector<DecisionRecord> left) {
  if (left.empty()) return database_->run("DELETE FROM closed_decisions WHERE pack = ?1", pack);
  const auto packed = winnow::pack(left);
  return database_->run(
      "UPDATE closed_decisions SET earliest = ?2, latest = ?3, decisions = ?4, most_probable = ?5, "
      "latest_event = ?6, senders = ?7, body = ?8 WHERE pack = ?1",
      pack, packed.earliest, packed.latest, packed.size, packed.most_probable, packed.latest_event,
      packed.senders, SqliteBlob{packed.body});
}

Result<std::vector<Digest>> ClosedDecisions::remove(std::span<const Digest> ids) {
  std::map<std::uint64_t, std::set<Digest>> of_packs;
  for (const auto& id : ids) {
    const auto key = PackedDecisions::key_of(id);
    WINNOW_TRY(const auto packs, keys_.packs(key, key));
    for (const auto pack : packs) of_packs[pack].insert(id);
  }
  std::vector<Digest> removed;
  for (const auto& [pack, wanted] : of_packs) {
    WINNOW_TRY(auto records, of_pack(pack));
    const auto before = records.size();
    std::vector<DecisionRecord> left;
    for (auto& one : identified(std::move(records))) {
      if (wanted.contains(one.id)) {
        removed.push_back(one.id);
      } else {
        left.push_back(std::move(one.record));
      }
    }
    if (left.size() < before) WINNOW_TRY(rewrite(pack, std::move(left)));
  }
  return removed;
}

}  // namespace winnow
