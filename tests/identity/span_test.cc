#include "identity/span.h"

#include <algorithm>

#include <fmt/format.h>

#include "tests/support/support.h"

namespace winnow::identity {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using winnow::testing::for_each_seed;

const Timestamp kMorning = Timestamp::from_civil(2026, 3, 3, 8);
Timestamp at(int minute) { return kMorning + minutes(minute); }

Sighting sighting(Relation relation, std::string one, std::string other, Witness witness,
                  Phase phase, int minute, std::uint64_t event) {
  return {.relation = relation,
          .one = std::move(one),
          .other = std::move(other),
          .witness = witness,
          .phase = phase,
          .at = at(minute),
          .holds = facts_of(witness).holds,
          .known_at = at(minute),
          .event = event};
}
Sighting lease(const std::string& host, int minute, std::uint64_t event,
               Phase phase = Phase::Begins) {
  return sighting(Relation::AddressHost, "10.0.0.5", host, Witness::DhcpLease, phase, minute,
                  event);
}
Sighting logon(const std::string& session, int minute, std::uint64_t event,
               Phase phase = Phase::Begins, Witness witness = Witness::Logon) {
  auto made = sighting(Relation::UserHost, "ana", "ws1", witness, phase, minute, event);
  made.session = session;
  return made;
}

// "ws1 0-90 told", in minutes.
std::vector<std::string> texts(const std::vector<Span>& spans) {
  std::vector<std::string> all;
  for (const auto& span : spans) {
    all.push_back(fmt::format("{} {}-{} {}", span.other, (span.from - kMorning) / minutes(1),
                              (span.until - kMorning) / minutes(1), name_of(span.ending)));
  }
  return all;
}
using Texts = std::vector<std::string>;

TEST(Spans, HoldAsLongAsTheirWitnessIsGoodFor) {
  EXPECT_EQ(texts(spans_of({lease("ws1", 0, 1)})), Texts{"ws1 0-1440 assumed"});
  EXPECT_EQ(texts(spans_of({logon("0x1", 0, 1)})), Texts{"ws1 0-720 assumed"});
  const auto spans = spans_of({lease("ws1", 0, 1)});
  EXPECT_TRUE(spans[0].holds_at(at(0)));
  EXPECT_FALSE(spans[0].holds_at(at(1440)));
}

TEST(Spans, JoinWhereOneBeginsBeforeTheOtherEnds) {
  const auto spans = spans_of({lease("ws1", 1000, 2), lease("ws1", 0, 1), lease("ws1", 5000, 3)});
  EXPECT_EQ(texts(spans), (Texts{"ws1 5000-6440 assumed", "ws1 0-2440 assumed"}));
  EXPECT_EQ(spans[1].first.event, 1U);
  EXPECT_EQ(spans[1].last.event, 2U);
}

TEST(Spans, EndWithTheLogoffOfTheirSession) {
  EXPECT_EQ(
      texts(spans_of({logon("0x1", 0, 1), logon("0x2", 10, 2), logon("0x1", 60, 3, Phase::Ends)})),
      (Texts{"ws1 10-730 assumed", "ws1 0-60 told"}));
  // A logoff that does not say what kind of logon it ends.
  const auto spans = spans_of({logon("0x1", 0, 1, Phase::Begins, Witness::RemoteLogon),
                               logon("0x1", 60, 2, Phase::Ends, Witness::Logon)});
  EXPECT_EQ(texts(spans), Texts{"ws1 0-60 told"});
  EXPECT_EQ(spans[0].end->event, 2U);
}

TEST(Spans, ALeaseEndsWithItsReleaseOrWithTheNextOfItsAddress) {
  EXPECT_EQ(texts(spans_of({lease("ws1", 0, 1), lease("ws1", 30, 2, Phase::Ends)})),
            Texts{"ws1 0-30 told"});
  EXPECT_EQ(texts(spans_of({lease("ws1", 0, 1), lease("ws2", 90, 2)})),
            (Texts{"ws2 90-1530 assumed", "ws1 0-90 superseded"}));
  // Two that take it from each other.
  EXPECT_EQ(texts(spans_of({lease("ws1", 0, 1), lease("ws2", 10, 2), lease("ws1", 20, 3)})),
            (Texts{"ws1 20-1460 assumed", "ws2 10-20 superseded", "ws1 0-10 superseded"}));
}

TEST(Spans, TellWhatContradictsThem) {
  auto spans = spans_of({lease("ws1", 0, 1), sighting(Relation::AddressHost, "10.0.0.5", "ws9",
                                                      Witness::Ntlm, Phase::Seen, 30, 2)});
  note_contradictions(spans);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].contradicted_by, Texts{"ws9"});
  EXPECT_EQ(spans[1].contradicted_by, Texts{"ws1"});
  // One that was there before is no contradiction, nor are two names of one machine.
  spans = spans_of({lease("ws1", 0, 1), lease("ws2", 90, 2)});
  note_contradictions(spans);
  EXPECT_TRUE(spans[0].contradicted_by.empty());
  auto named = lease("ws1", 0, 1), again = sighting(Relation::AddressHost, "10.0.0.5", "kiosk",
                                                    Witness::Agent, Phase::Seen, 30, 2);
  named.hardware = again.hardware = "08:00:27:7f:09:e1";
  spans = spans_of({named, again});
  note_contradictions(spans);
  EXPECT_TRUE(spans[0].contradicted_by.empty());
}

std::vector<Sighting> random_sightings(Rng& rng) {
  std::vector<Sighting> all;
  const auto count = 1 + rng.below(40);
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto minute = static_cast<int>(rng.below(600));
    const auto host = fmt::format("ws{}", rng.below(3));
    const auto phase = rng.chance(0.25) ? Phase::Ends : Phase::Begins;
    auto made = rng.chance(0.5) ? lease(host, minute, i + 1, phase)
                                : logon(fmt::format("0x{}", rng.below(3)), minute, i + 1, phase);
    if (made.relation == Relation::UserHost) made.other = host;
    made.holds = minutes(1 + rng.below(200));
    made.known_at = made.at + minutes(rng.below(300));
    all.push_back(std::move(made));
  }
  return all;
}

TEST(Spans, DoNotDependOnTheOrderInWhichEventsCame) {
  for_each_seed(300, [](Rng& rng) {
    auto sightings = random_sightings(rng);
    const auto want = spans_of(sightings);
    rng.shuffle(std::span(sightings));
    EXPECT_EQ(spans_of(sightings), want);
    const auto first = sightings.front();
    sightings.push_back(first);  // twice
    EXPECT_EQ(spans_of(sightings), want);
  });
}

// Minute by minute, by the definition: who has it at that moment?
TEST(Spans, HoldWhenSomeSightingIsGoodAndNothingEndedIt) {
  for_each_seed(100, [](Rng& rng) {
    const auto sightings = random_sightings(rng);
    const auto spans = spans_of(sightings);
    const auto ended = [&](const Sighting& one, Timestamp by) {
      return std::ranges::any_of(sightings, [&](const Sighting& other) {
        if (other.at <= one.at || other.at > by || other.one != one.one) return false;
        if (other.relation != one.relation) return false;
        if (other.phase == Phase::Ends)
          return other.other == one.other && other.session == one.session;
        return one.witness == Witness::DhcpLease && other.other != one.other;
      });
    };
    for (int minute = 0; minute < 900; minute += 7) {
      for (const auto* const host : {"ws0", "ws1", "ws2"}) {
        for (const auto relation : {Relation::AddressHost, Relation::UserHost}) {
          const bool want = std::ranges::any_of(sightings, [&](const Sighting& one) {
            return one.relation == relation && one.other == host && one.phase != Phase::Ends &&
                   one.at <= at(minute) && at(minute) < one.at + one.holds &&
                   !ended(one, at(minute));
          });
          const bool found = std::ranges::any_of(spans, [&](const Span& span) {
            return span.relation == relation && span.other == host && span.holds_at(at(minute));
          });
          EXPECT_EQ(found, want) << host << " at " << minute;
        }
      }
    }
  });
}

}  // namespace
}  // namespace winnow::identity
