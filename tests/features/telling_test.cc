// What a feature says of an event: its value with unit and window, and words that neither the value
// nor the contribution contradicts.
#include <cmath>

#include <fmt/format.h>

#include "features/detail/written_numbers.h"
#include "features/feature_reading.h"
#include "tests/features/small_sets.h"

namespace winnow {
namespace {

using features::amount_text;
using features::odds_text;
using features::span_text;
using features::usual_text;

// Two features of what ann wrote: in one hour and in one day, both logarithms.
FeatureSet two_windows(const std::string& more_of_first = "",
                       const std::string& more_of_other = "") {
  return compile_text(fmt::format(
                          R"yaml(schema: winnow.feature_set/1
name: told
attributes: {{from: text unmapped.mail.from}}
history:
  sender:
    key: [from]
    keep:
      mails_1h: {{count: 1, window: 1h}}
      mails_1d: {{count: 1, window: 1d}}
      by_hour: {{count: 1, bucket: 1h, buckets: 24}}
groups: {{all: {{title: All, missing: nothing is known}}}}
features:
  - name: hour
    group: all
    unit: log count
    meaning: Mails of an hour.
    value: "log1p(within(sender.mails_1h, 1h))"
    pivot: 2
    high: "{{from}} wrote much"
    low: "{{from}} wrote as much as usual"
    measure: "{{amount mail|mails}} in 1 h"
    {}
  - name: day
    group: all
    unit: log count
    meaning: Mails of a day.
    value: "log1p(within(sender.mails_1d, 1d))"
    pivot: 9
    high: "{{from}} wrote much"
    low: "{{from}} wrote little"
    measure: "{{amount mail|mails}} in 1 day"
    {}
)yaml",
                          more_of_first, more_of_other))
      .value();
}

std::vector<std::string> told(const FeatureSet& set, int mails, std::vector<float> contributions,
                              int earlier_an_hour = 0) {
  const NoIntelligence nothing;
  MemoryEntityStates states;
  const auto at = day(3) + std::chrono::minutes(30);
  for (int hour = 5; hour > 0; --hour) {
    for (int n = 0; n < earlier_an_hour; ++n) {
      const auto then = at - std::chrono::hours(hour);
      EXPECT_OK(set.observe(small_mail(then), then, states));
    }
  }
  const auto mail = small_mail(at);
  for (int n = 0; n < mails; ++n) EXPECT_OK(set.observe(mail, at, states));
  const auto before = set.slice(mail, states).value();
  FeatureReading reading(set, mail, before, nothing);
  std::vector<std::string> texts;
  for (const auto& reason : reading.reasons(contributions, 5)) texts.push_back(reason.text);
  return texts;
}

using Texts = std::vector<std::string>;

TEST(Telling, GivesTheValueWithItsUnitAndWindow) {
  EXPECT_EQ(told(two_windows(), 4212, {1, 0}),
            Texts{"ann@mail.shop.example wrote much: 4,212 mails in 1 h"});
  EXPECT_EQ(told(two_windows(), 1, {-1, 0}),
            Texts{"ann@mail.shop.example wrote as much as usual: 1 mail in 1 h"});
}

TEST(Telling, SaysWhatIsUsualWhereThatIsKnown) {
  const auto set = two_windows("usual: usual(sender.by_hour, 1d)");
  EXPECT_EQ(told(set, 40, {1, 0}, 12),
            Texts{"ann@mail.shop.example wrote much: 40 mails in 1 h, usually 12"});
  EXPECT_EQ(told(set, 40, {1, 0}), Texts{"ann@mail.shop.example wrote much: 40 mails in 1 h"});
}

TEST(Telling, JudgesNotAgainstTheContribution) {
  const auto set = two_windows("alarming: high");
  EXPECT_EQ(told(set, 40, {1, 0}), Texts{"ann@mail.shop.example wrote much: 40 mails in 1 h"});
  EXPECT_EQ(told(set, 40, {-1, 0}), Texts{"40 mails in 1 h"});
  EXPECT_EQ(told(set, 2, {1, 0}), Texts{"2 mails in 1 h"});
  EXPECT_EQ(told(set, 2, {-1, 0}),
            Texts{"ann@mail.shop.example wrote as much as usual: 2 mails in 1 h"});
}

TEST(Telling, WordsFeaturesOfOneThingNotAgainstEachOther) {
  // 40 mails are many for the hour and few for the day: the stronger keeps its words.
  const auto set = two_windows("about: mails", "about: mails");
  EXPECT_EQ(told(set, 40, {1, 0.5F}),
            (Texts{"ann@mail.shop.example wrote much: 40 mails in 1 h", "40 mails in 1 day"}));
  EXPECT_EQ(told(set, 40, {0.5F, 1}),
            (Texts{"ann@mail.shop.example wrote little: 40 mails in 1 day", "40 mails in 1 h"}));
  EXPECT_EQ(told(two_windows(), 40, {1, 0.5F}),
            (Texts{"ann@mail.shop.example wrote much: 40 mails in 1 h",
                   "ann@mail.shop.example wrote little: 40 mails in 1 day"}))
      << "of different things both may be said";
}

TEST(Telling, OfASetWithoutMeasuresIsAsItWas) {
  const auto set = set_of("4212").value();
  const auto mail = small_mail(day(0));
  const NoIntelligence nothing;
  const StateSlice before;
  FeatureReading reading(set, mail, before, nothing);
  EXPECT_EQ(reading.reasons(std::vector<float>{-1}, 1)[0].text,
            "high 4.21e+03 of ann@mail.shop.example");
}

TEST(Telling, WritesNumbersForPeople) {
  EXPECT_EQ(amount_text(std::log1p(4212.0F), "log count"), "4,212");
  EXPECT_EQ(amount_text(1234567, "count"), "1,234,567");
  EXPECT_EQ(amount_text(0.42, "share"), "42 %");
  EXPECT_EQ(amount_text(-1234, "number"), "-1,234");
  EXPECT_EQ(amount_text(3.321, "bits"), "3.32");
  EXPECT_EQ(amount_text(999.7, "number"), "1,000");
  EXPECT_EQ(usual_text(12.4), "12");
  EXPECT_EQ(usual_text(9.7), "10");
  EXPECT_EQ(usual_text(0.42), "0.4");
  EXPECT_EQ(odds_text(std::log2(74)), "1 of 74");
  EXPECT_EQ(odds_text(0), "1 of 1");
  EXPECT_EQ(span_text(std::log1p(30), "log count"), "30 s");
  EXPECT_EQ(span_text(std::log1p(0.25), "log days"), "6 h");
  EXPECT_EQ(span_text(12, "days"), "12 days");
  EXPECT_EQ(span_text(std::log1p(600), "log count"), "10 min");
}

TEST(Telling, OfTheShippedSetsMeasuresWhateverIsNoYesOrNo) {
  for (const auto* domain : {"network", "alerts", "endpoint", "cloud"}) {
    const auto file = testing::source_folder() / fmt::format("content/features/{}.yaml", domain);
    const auto yaml = Yaml::read(file.string()).value();
    for (const auto& feature : yaml["features"].items()) {
      const auto unit = feature["unit"].as_text().value();
      EXPECT_EQ(feature.has("measure"), unit != "yes/no")
          << domain << ": " << feature["name"].as_text().value();
    }
  }
}

}  // namespace
}  // namespace winnow
