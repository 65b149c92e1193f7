// One reading that goes from event to event says what a fresh one for each would say.
#include "features/feature_reading.h"

#include <fmt/format.h>

#include "tests/features/small_sets.h"

namespace winnow {
namespace {

using testing::for_each_seed;

FeatureSet remembering_set() {
  return set_of(
             "total(sender.mails) + 100 * different(sender.to) + 1000 * total(pair.mails) + "
             "1e5 * count(links) + 1e6 * length(subject)")
      .value();
}

ocsf::Event random_mail(Rng& rng, int n) {
  return small_mail(day(n / 4), fmt::format("s{}@a.example", rng.below(4)),
                    std::string(rng.below(60), 'x'));
}

TEST(FeatureReading, GoesFromEventToEventAsFreshOnesWould) {
  for_each_seed(20, [](Rng& rng) {
    const auto set = remembering_set();
    const NoIntelligence nothing;
    MemoryEntityStates states, expected_states;
    FeatureReading reading(set);
    for (int n = 0; n < 60; ++n) {
      const auto mail = random_mail(rng, n);
      const auto slice = set.slice(mail, expected_states).value();
      reading.turn_to(mail, nothing);
      if (rng.chance(0.2)) {  // one that nobody asks about
        ASSERT_OK(reading.observe(mail.time(), states));
        ASSERT_OK(set.observe(mail, mail.time(), expected_states));
        continue;
      }
      ASSERT_OK(reading.look_up(states));
      EXPECT_EQ(reading.read(), set.read(mail, slice, nothing));
      EXPECT_EQ(reading.slice_bytes(), slice.bytes());
      EXPECT_EQ(reading.slice(), slice);
      EXPECT_EQ(
          reading.reasons(std::vector<float>{1}, 1)[0].text,
          FeatureReading(set, mail, slice, nothing).reasons(std::vector<float>{1}, 1)[0].text);
      if (rng.chance(0.2)) {
        ASSERT_OK(reading.observe_verdict("phishing", mail.time(), states));
        ASSERT_OK(set.observe_verdict(mail, "phishing", mail.time(), expected_states));
      }
      ASSERT_OK(reading.observe(mail.time(), states));
      ASSERT_OK(set.observe(mail, mail.time(), expected_states));
    }
    for (int sender = 0; sender < 4; ++sender) {
      const auto mail = small_mail(day(0), fmt::format("s{}@a.example", sender));
      EXPECT_EQ(set.slice(mail, states).value(), set.slice(mail, expected_states).value());
    }
  });
}

TEST(FeatureReading, WhatIsSettledIsToldAsItWasBeforeTheStatesChanged) {
  const auto set = compile_text(R"yaml(schema: winnow.feature_set/1
name: told
attributes: {from: text unmapped.mail.from}
define: {so_far: total(sender.mails), more: so_far + 0.5}
history: {sender: {key: [from], keep: {mails: {count: 1, bucket: 1d, buckets: 10}}}}
groups: {all: {title: All, missing: nothing is known}}
features:
  - {name: it, group: all, unit: count, meaning: Its mails., value: "2", pivot: 1, high: "{so_far} or {more} of {from}", low: low}
)yaml")
                       .value();
  const auto mail = small_mail(day(0));
  const NoIntelligence nothing;
  MemoryEntityStates states;
  for (int n = 0; n < 3; ++n) ASSERT_OK(set.observe(mail, day(0), states));
  FeatureReading reading(set);
  reading.turn_to(mail, nothing);
  ASSERT_OK(reading.look_up(states));
  reading.read();
  reading.settle();
  ASSERT_OK(reading.observe(day(0), states));
  EXPECT_EQ(reading.reasons(std::vector<float>{1}, 1)[0].text, "3 or 3.5 of ann@mail.shop.example");
}

}  // namespace
}  // namespace winnow
