#include "identity/span.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace winnow::identity {
namespace {

Evidence evidence_of(const Sighting& sighting) {
  return {sighting.event, sighting.phase, sighting.at, sighting.known_at};
}

// Of one address or session, by time: what ends stays in it.
using Ends = std::vector<const Sighting*>;

// Whose end an event tells. A session's id says it whichever witness names it: a logoff does not
// always tell what kind of logon it ends.
using Stay = std::tuple<Relation, std::string_view, std::string_view, std::string_view, int>;
Stay stay_of(const Sighting& sighting) {
  const int witness = sighting.session.empty() ? static_cast<int>(sighting.witness) : -1;
  return {sighting.relation, sighting.one, sighting.other, sighting.session, witness};
}

bool is_lease(const Sighting& sighting) { return sighting.witness == Witness::DhcpLease; }

class Endings {
 public:
  explicit Endings(const std::vector<Sighting>& by_time) {
    for (const auto& sighting : by_time) {
      if (sighting.phase == Phase::Ends) {
        told_[stay_of(sighting)].push_back(&sighting);
      } else if (is_lease(sighting)) {
        leases_[sighting.one].push_back(&sighting);
      }
    }
  }

  // What a sighting holds by itself.
  Span claim(const Sighting& sighting) const {
    Span span{.relation = sighting.relation,
              .one = sighting.one,
              .other = sighting.other,
              .witness = sighting.witness,
              .from = sighting.at,
              .until = sighting.at + sighting.holds,
              .first = evidence_of(sighting),
              .last = evidence_of(sighting),
              .hardware = sighting.hardware};
    if (!sighting.told.empty()) span.told.push_back(sighting.told);
    if (const auto told = told_.find(stay_of(sighting)); told != told_.end())
      cut(span, told->second, Ending::Told);
    if (!is_lease(sighting)) return span;
    if (const auto leases = leases_.find(sighting.one); leases != leases_.end())
      cut(span, leases->second, Ending::Superseded);
    return span;
  }

 private:
  static void cut(Span& span, const Ends& ends, Ending why) {
    auto at = std::ranges::upper_bound(ends, span.from, {}, &Sighting::at);
    for (; at != ends.end() && (*at)->at < span.until; ++at) {
      if (why == Ending::Superseded && (*at)->other == span.other) continue;
      span.until = (*at)->at;
      span.ending = why;
      span.end = evidence_of(**at);
      return;
    }
  }

  std::map<Stay, Ends> told_;
  std::map<std::string_view, Ends> leases_;
};

void add_name(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::ranges::lower_bound(names, name);
  if (at == names.end() || *at != name) names.insert(at, name);
  if (names.size() > kMaxSpellings) names.pop_back();
}

// `next` begins while `span` holds.
void join(Span& span, const Span& next) {
  span.last = next.last;
  for (const auto& name : next.told) add_name(span.told, name);
  if (span.hardware.empty()) span.hardware = next.hardware;
  if (next.until < span.until) return;
  span.until = next.until;
  span.ending = next.ending;
  span.end = next.end;
}

bool is_stronger(const Span& a, const Span& b) {
  const auto rank = [](const Span& span) {
    return std::tuple(-static_cast<int>(facts_of(span.witness).strength), -span.from.micros(),
                      std::string_view(span.other), std::string_view(span.one), span.witness,
                      span.first.event, span.relation);
  };
  return rank(a) < rank(b);
}

bool contradict(const Span& a, const Span& b) {
  const bool is_one_machine = !a.hardware.empty() && a.hardware == b.hardware;
  return a.other != b.other && !is_one_machine && a.from < b.until && b.from < a.until;
}

}  // namespace

std::string_view name_of(Ending ending) {
  switch (ending) {
    case Ending::Assumed:
      return "assumed";
    case Ending::Told:
      return "told";
    case Ending::Superseded:
      break;
  }
  return "superseded";
}

std::vector<Span> spans_of(std::vector<Sighting> sightings) {
  std::ranges::sort(sightings, [](const Sighting& a, const Sighting& b) {
    return std::tie(a.at, a.event, a) < std::tie(b.at, b.event, b);
  });
  const Endings endings(sightings);
  std::map<std::tuple<Relation, std::string_view, std::string_view, Witness, std::string_view>,
           std::vector<Span>>
      stays;
  for (const auto& sighting : sightings) {
    if (sighting.phase == Phase::Ends) continue;
    auto& stay = stays[{sighting.relation, sighting.one, sighting.other, sighting.witness,
                        sighting.session}];
    auto claim = endings.claim(sighting);
    if (!stay.empty() && claim.from <= stay.back().until) {
      join(stay.back(), claim);
    } else {
      stay.push_back(std::move(claim));
    }
  }
  std::vector<Span> spans;
  for (auto& [key, stay] : stays) std::ranges::move(stay, std::back_inserter(spans));
  std::ranges::sort(spans, is_stronger);
  return spans;
}

void note_contradictions(std::span<Span> spans) {
  std::map<std::string_view, std::vector<Span*>> by_address;
  for (auto& span : spans) {
    if (span.relation == Relation::AddressHost) by_address[span.one].push_back(&span);
  }
  for (const auto& [address, of_it] : by_address) {
    for (auto* const span : of_it) {
      for (const auto* const other : of_it) {
        if (contradict(*span, *other)) add_name(span->contradicted_by, other->other);
      }
    }
  }
}

}  // namespace winnow::identity
