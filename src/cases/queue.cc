// The queue: which cases, in which order, page by page.
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "base/utf8.h"
#include "cases/bounded_text.h"
#include "cases/case_reader.h"
#include "cases/detail/case_table.h"
#include "names/ip_address.h"

namespace winnow::cases {
namespace {

constexpr std::size_t kMaxWords = 16, kMaxTypedBytes = 400;
constexpr std::array<std::string_view, 6> kStates = {"open",    "new",      "in_progress",
                                                     "snoozed", "resolved", "all"};
constexpr std::array<std::string_view, 3> kOrders = {"urgency", "newest", "due"};

// Verbatim as the conditions of the partial indexes, or SQLite would not use them.
std::string_view condition_of(QueueFilter::States states) {
  switch (states) {
    case QueueFilter::States::Open:
      return "state IN ('new', 'in_progress')";
    case QueueFilter::States::New:
      return "state = 'new'";
    case QueueFilter::States::InProgress:
      return "state = 'in_progress'";
    case QueueFilter::States::Snoozed:
      return "state = 'snoozed'";
    case QueueFilter::States::Resolved:
      return "state = 'resolved'";
    case QueueFilter::States::All:
      break;
  }
  return "1";
}

struct Ordering {
  std::string_view by;      // ORDER BY
  std::string_view behind;  // the condition of what comes behind ?1, ?2
  std::int64_t first;       // before all
};

Ordering ordering_of(QueueFilter::Order order) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  switch (order) {
    case QueueFilter::Order::Urgency:
      return {"urgency DESC, number", "urgency <= ?1 AND (urgency < ?1 OR number > ?2)", kMost};
    case QueueFilter::Order::Newest:
      return {"last_finding_at DESC, number",
              "last_finding_at <= ?1 AND (last_finding_at < ?1 OR number > ?2)", kMost};
    case QueueFilter::Order::Due:
      break;
  }
  return {"due_at, number", "due_at >= ?1 AND (due_at > ?1 OR number > ?2)", -kMost};
}

struct QueuePlace {
  std::int64_t value = 0;
  std::uint64_t number = 0;
};

// "urgency:950000:17"
Result<QueuePlace> place_of(QueueFilter::Order order, std::string_view text) {
  QueuePlace place{ordering_of(order).first, 0};
  if (text.empty()) return place;
  const auto name = kOrders[static_cast<std::size_t>(order)];
  const auto* const end = text.data() + text.size();
  if (text.starts_with(name) && text.size() > name.size() && text[name.size()] == ':') {
    auto read = std::from_chars(text.data() + name.size() + 1, end, place.value);
    if (read.ec == std::errc() && read.ptr != end && *read.ptr == ':') {
      read = std::from_chars(read.ptr + 1, end, place.number);
      if (read.ec == std::errc() && read.ptr == end) return place;
    }
  }
  return Error(Code::InvalidArgument, "the cursor is none that a page of this order ended with")
      .with_hint("begin again without one");
}

std::string text_of(QueueFilter::Order order, const Case& last) {
  const auto value = order == QueueFilter::Order::Urgency  ? std::int64_t{last.urgency}
                     : order == QueueFilter::Order::Newest ? last.last_finding_at.micros()
                                                           : last.due_at.micros();
  return fmt::format("{}:{}:{}", kOrders[static_cast<std::size_t>(order)], value, last.number);
}

// The numbers of the cases that a search hits, as a JSON array: page and total are told from one
// search, which costs more than either. It looks at the newest hits only, so that a word that is
// everywhere costs no more than others.
Result<std::string> hits_of(Sqlite& database, std::string_view match) {
  if (match.empty()) return std::string();
  WINNOW_TRY(auto select,
             database.prepare("SELECT json_group_array(DISTINCT case_number) FROM (SELECT "
                              "case_number FROM case_search WHERE case_search MATCH ?1 ORDER BY "
                              "rowid DESC LIMIT 10000)"));
  WINNOW_TRY(select.bind(match));
  WINNOW_TRY(select.next());
  std::string hits;
  WINNOW_TRY(select.read(hits));
  return hits;
}

// ?3 owner, ?4 severity, ?5 hits, ?6 domain.
std::string where_of(const QueueFilter& filter, std::string_view hits) {
  std::string where(condition_of(filter.states));
  if (filter.owner) where += filter.owner->empty() ? " AND owner IS NULL" : " AND owner = ?3";
  if (filter.severity) where += " AND severity = ?4";
  if (filter.domain) where += " AND domains & ?6";
  if (!hits.empty()) where += " AND number IN (SELECT value FROM json_each(?5))";
  return where;
}

std::uint64_t bits_of(const std::optional<Domain>& domain) {
  return domain ? DomainSet(*domain).bits() : 0;
}

// Columns of case_search, whose hits tell nothing of what a mail says.
constexpr std::string_view kSearchedRedacted = "{sender recipients subject note} : ";

std::string match_of(const QueueFilter& filter) {
  auto words = search_expression(filter.text);
  if (filter.content == MailContent::Shown || words.empty()) return words;
  return fmt::format("{}({})", kSearchedRedacted, words);
}

// "10.1.2.3", "10.1", "fe80::1" or "T1071.001": one word, whose parts mean nothing elsewhere.
bool is_one_word(std::string_view typed) {
  const auto numbers = typed.substr(typed.starts_with('T') || typed.starts_with('t') ? 1 : 0);
  const bool is_numbers = numbers.find_first_not_of("0123456789.") == std::string_view::npos;
  return (is_numbers && !numbers.empty()) || IpAddress::read(typed);
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Result<QueueFilter::States> states_named(std::string_view name) {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i] == name) return static_cast<QueueFilter::States>(i);
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is no state", bounded(name, 40)))
      .with_hint(fmt::format("one of {}", fmt::join(kStates, ", ")));
}

Result<QueueFilter::Order> order_named(std::string_view name) {
  for (std::size_t i = 0; i < kOrders.size(); ++i) {
    if (kOrders[i] == name) return static_cast<QueueFilter::Order>(i);
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is no order", bounded(name, 40)))
      .with_hint(fmt::format("one of {}", fmt::join(kOrders, ", ")));
}

// Each run of letters and digits becomes a quoted string, which has no syntax inside; so a mail
// address finds what has its parts, in any order.
std::string search_expression(std::string_view typed) {
  const auto text = bounded(typed, kMaxTypedBytes);
  std::string expression;
  std::size_t words = 0;
  for (std::size_t at = 0; at < text.size() && words < kMaxWords;) {
    if (!is_word(text[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    const auto chunk = std::string_view(text).substr(at, text.find(' ', at) - at);
    if (is_one_word(chunk)) at += chunk.size();
    while (at < text.size() && is_word(text[at])) ++at;
    const bool last = at == text.size();
    expression += fmt::format("{}\"{}\"{}", words++ == 0 ? "" : " AND ",
                              std::string_view(text).substr(begin, at - begin), last ? "*" : "");
  }
  return expression;
}

Result<QueuePage> CaseReader::queue(const QueueFilter& filter, std::string_view after) {
  WINNOW_TRY(const auto place, place_of(filter.order, after));
  WINNOW_TRY(const auto hits, hits_of(database_, match_of(filter)));
  const auto where = where_of(filter, hits);
  const auto ordering = ordering_of(filter.order);
  WINNOW_TRY(auto select, database_.prepare(fmt::format(
                              "SELECT {} FROM cases WHERE {} AND {} ORDER BY {} LIMIT ?7",
                              kCaseColumns, where, ordering.behind, ordering.by)));
  const int severity = filter.severity ? static_cast<int>(*filter.severity) : 0;
  WINNOW_TRY(select.bind(place.value, place.number, filter.owner, severity, hits,
                         bits_of(filter.domain), filter.limit + 1));
  QueuePage page;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    if (page.cases.size() == filter.limit) {
      if (!page.cases.empty()) page.next = text_of(filter.order, page.cases.back());
      break;
    }
    WINNOW_TRY(page.cases.emplace_back(), read_case(select));
  }
  WINNOW_TRY(page.total, total(filter, where, hits));
  return page;
}

Result<std::uint64_t> CaseReader::total(const QueueFilter& filter, std::string_view where,
                                        std::string_view match) {
  const bool by_state_only = !filter.owner && !filter.severity && !filter.domain && match.empty();
  // One text names all parameters, whichever of them the condition needs.
  const auto sql = fmt::format(
      "SELECT {} WHERE {} AND ?1 = ?1 AND ?2 = ?2 AND ?3 IS ?3 AND ?4 = ?4 AND ?5 = ?5 AND "
      "?6 = ?6",
      by_state_only ? "coalesce(sum(cases), 0) FROM case_counts" : "count(*) FROM cases", where);
  WINNOW_TRY(auto select, database_.prepare(sql));
  const int severity = filter.severity ? static_cast<int>(*filter.severity) : 0;
  WINNOW_TRY(select.bind(0, 0, filter.owner, severity, match, bits_of(filter.domain)));
  WINNOW_TRY(select.next());
  std::uint64_t count = 0;
  WINNOW_TRY(select.read(count));
  return count;
}

Result<QueueCounts> CaseReader::counts(std::string_view me, Timestamp now) {
  QueueCounts counts;
  WINNOW_TRY(auto by_state, database_.prepare("SELECT state, cases FROM case_counts"));
  WINNOW_TRY(by_state.bind());
  for (;;) {
    WINNOW_TRY(const bool more, by_state.next());
    if (!more) break;
    std::string name;
    std::uint64_t count = 0;
    WINNOW_TRY(by_state.read(name, count));
    WINNOW_TRY(const auto state, state_named(name));
    (state == CaseState::New          ? counts.fresh
     : state == CaseState::InProgress ? counts.in_progress
     : state == CaseState::Snoozed    ? counts.snoozed
                                      : counts.resolved) = count;
  }
  WINNOW_TRY(auto others,
             database_.prepare(
                 "SELECT (SELECT count(*) FROM cases WHERE owner = ?1 AND state <> 'resolved'), "
                 "(SELECT count(*) FROM cases WHERE state IN ('new', 'in_progress') AND due_at <= "
                 "?2)"));
  WINNOW_TRY(others.bind(me, now));
  WINNOW_TRY(others.next());
  WINNOW_TRY(others.read(counts.mine, counts.overdue));
  return counts;
}

}  // namespace winnow::cases
