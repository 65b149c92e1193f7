#include "identity/identity_reader.h"

#include <algorithm>
#include <set>

#include "identity/detail/schema.h"
#include "identity/detail/sighting_table.h"

namespace winnow::identity {
namespace {

constexpr std::size_t kMostSightings = 2000;
constexpr Duration kDay = std::chrono::hours(24);

// So far from a moment a sighting can still matter to it; a day, so that what has gone on for hours
// shows since when.
Duration reach_of(const WitnessFacts& facts) {
  return facts.witness == Witness::DhcpLease ? kLongestLease : std::max(facts.holds, kDay);
}

Timestamp forever() { return Timestamp::from_micros(INT64_MAX); }

Timestamp shifted(Timestamp at, Duration by) {
  const auto most = INT64_MAX / 2;
  return Timestamp::from_micros(std::clamp(at.micros(), -most, most)) + by;
}

bool is_first(Relation relation, const Party& party) { return first_kind(relation) == party.kind; }

bool is_part_of(Relation relation, PartyKind kind) {
  return first_kind(relation) == kind || second_kind(relation) == kind;
}

void keep_those_at(std::vector<Span>& spans, const Question& question) {
  if (question.at)
    std::erase_if(spans, [&](const Span& span) { return !span.holds_at(*question.at); });
}

bool cut_off(std::vector<Span>& spans, std::size_t limit) {
  const bool more = spans.size() > limit;
  if (more) spans.resize(limit);
  return more;
}

// The hosts of spans that name one, strongest first.
std::vector<Party> hosts_of(std::span<const Span> spans) {
  std::vector<Party> hosts;
  for (const auto& span : spans) {
    Party host{PartyKind::Host, span.other};
    if (second_kind(span.relation) != PartyKind::Host || hosts.size() == kMostHosts) continue;
    if (std::ranges::find(hosts, host) == hosts.end()) hosts.push_back(std::move(host));
  }
  return hosts;
}

}  // namespace

Result<IdentityReader> IdentityReader::open(const Path& database) {
  WINNOW_TRY(auto opened, Sqlite::open(database, Access::ReadOnly));
  WINNOW_TRY(migrate(opened));
  return IdentityReader(std::move(opened));
}

Status IdentityReader::gather(Relation relation, const Party& party, const Question& question,
                              std::vector<Sighting>& found, bool& more) {
  for (const auto& facts : witnesses()) {
    SightingFilter filter{.relation = relation,
                          .first = is_first(relation, party),
                          .key = party.key,
                          .witness = facts.witness,
                          .from = Timestamp::from_micros(INT64_MIN),
                          .until = forever(),
                          .known_by = question.known_by.value_or(forever()),
                          .limit = kMostSightings};
    const auto read = [&]() -> Status {
      WINNOW_TRY(auto rows, read_sightings(database_, filter));
      more = more || rows.size() == kMostSightings;
      std::ranges::move(rows, std::back_inserter(found));
      return {};
    };
    if (!question.at) {
      WINNOW_TRY(read());
      continue;
    }
    filter.from = shifted(*question.at, -reach_of(facts));
    filter.until = *question.at;
    WINNOW_TRY(read());
    filter.from = shifted(*question.at, Duration(1));
    filter.until = shifted(*question.at, reach_of(facts));
    filter.order = SightingFilter::Order::OldestFirst;
    WINNOW_TRY(read());
  }
  return {};
}

// Who else had the addresses of what was found: a lease ends with the next, and what contradicts is
// told.
Status IdentityReader::add_rivals(const Question& question, std::vector<Sighting>& found,
                                  bool& more) {
  std::set<std::string> addresses;
  for (const auto& sighting : found) {
    if (sighting.relation == Relation::AddressHost) addresses.insert(sighting.one);
  }
  std::erase_if(found, [](const auto& one) { return one.relation == Relation::AddressHost; });
  for (const auto& address : addresses) {
    WINNOW_TRY(gather(Relation::AddressHost, {PartyKind::Address, address}, question, found, more));
    if (found.size() < kMostSightings * witnesses().size()) continue;
    more = true;
    break;
  }
  return {};
}

Result<std::vector<Span>> IdentityReader::spans_about(const Party& party, const Question& question,
                                                      bool& more) {
  std::vector<Sighting> found;
  for (std::uint8_t i = 0; i < kRelations; ++i) {
    const auto relation = static_cast<Relation>(i);
    if (!is_part_of(relation, party.kind)) continue;
    WINNOW_TRY(gather(relation, party, question, found, more));
    if (relation == Relation::AddressHost && party.kind == PartyKind::Host)
      WINNOW_TRY(add_rivals(question, found, more));
  }
  auto spans = spans_of(std::move(found));
  keep_those_at(spans, question);
  note_contradictions(spans);
  std::erase_if(spans, [&](const Span& span) {
    return (is_first(span.relation, party) ? span.one : span.other) != party.key;
  });
  if (!question.at) {
    std::ranges::stable_sort(spans, std::ranges::greater(), &Span::from);
  }
  more = cut_off(spans, question.limit) || more;
  return spans;
}

Result<Answer> IdentityReader::who(const Question& question) {
  Answer answer{.question = question};
  WINNOW_TRY(auto select, database_.prepare("SELECT event FROM identity_cursor"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(const bool found, select.next());
  if (found) WINNOW_TRY(select.read(answer.taken_in));
  WINNOW_TRY(answer.direct, spans_about(question.party, question, answer.more));
  if (!question.at || question.party.kind == PartyKind::Host) return answer;
  const auto wanted =
      question.party.kind == PartyKind::Address ? Relation::UserHost : Relation::AddressHost;
  for (const auto& host : hosts_of(answer.direct)) {
    WINNOW_TRY(auto spans, spans_about(host, question, answer.more));
    std::erase_if(spans, [&](const Span& span) { return span.relation != wanted; });
    std::ranges::move(spans, std::back_inserter(answer.through));
  }
  answer.more = cut_off(answer.through, question.limit) || answer.more;
  return answer;
}

}  // namespace winnow::identity
