#include "ingest/mapping/detail/zones.h"

#include "tests/ingest/mapping/shop_mapping.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::compiled;

// A mapping whose time is at `zone`, as YAML has it; `more` stands in front of its events.
std::string with_zone(const std::string& zone, const std::string& more = "") {
  auto text = testing::text_of(testing::kSource);
  text.replace(text.find("time: {from: ts, as: seconds}\n"), 30,
               "time: {from: ts, format: '%Y-%m-%d %H:%M', zone: " + zone + "}\n" + more);
  return text;
}

std::string time_of(const Mapping& mapping, std::string_view when,
                    std::optional<Timestamp> arrived = {}) {
  const auto record = R"({"source":"192.0.2.1","ts":")" + std::string(when) + "\"}";
  const auto event =
      LogReader(mapping).read(RecordForm::LogJson, record, sha256(record), {.arrived = arrived});
  return event ? event->time().text() : event.error().text();
}

Json zones_of(const Mapping& mapping) { return parse_json(mapping.canonical()).value()["zones"]; }

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Zones, ANameHasItsSummerTime) {
  for (const auto* zone : {"Europe/Berlin", "'CET-1CEST,M3.5.0,M10.5.0/3'"}) {
    const auto mapping = compiled(with_zone(zone)).value();
    EXPECT_EQ(time_of(mapping, "2026-01-15 12:00"), "2026-01-15T11:00:00Z") << zone;
    EXPECT_EQ(time_of(mapping, "2026-07-15 12:00"), "2026-07-15T10:00:00Z") << zone;
  }
}

TEST(Zones, ATimeThatClocksShowedTwiceIsTheOneNearerToTheArrival) {
  const auto mapping = compiled(with_zone("Europe/Berlin")).value();
  const auto at = [&](int hour) {
    return time_of(mapping, "2026-10-25 02:30", Timestamp::from_civil(2026, 10, 25, hour, 30, 4));
  };
  EXPECT_EQ(at(0), "2026-10-25T00:30:00Z");
  EXPECT_EQ(at(1), "2026-10-25T01:30:00Z");
}

TEST(Zones, TheRuleOfANameIsPartOfTheMapping) {
  const auto mapping = compiled(with_zone("Europe/Berlin")).value();
  EXPECT_EQ(to_text(zones_of(mapping)), R"({"Europe/Berlin":"CET-1CEST,M3.5.0,M10.5.0/3"})");
  const auto again = Mapping::from_canonical(mapping.canonical());
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->digest(), mapping.digest());
  // What names no zone stays as it was.
  EXPECT_TRUE(zones_of(compiled(with_zone("'+01:00'")).value()).is_null());
}

// Made by a build that knew other rules, as there will be when a country changes its law.
TEST(Zones, AKeptMappingReadsByTheRuleThatItWasMadeWith) {
  const auto mapping = compiled(with_zone("Europe/Berlin")).value();
  const auto kept =
      Mapping::from_canonical(replaced(mapping.canonical(), "CET-1CEST,M3.5.0,M10.5.0/3", "CET-1"));
  ASSERT_TRUE(kept) << kept.error();
  EXPECT_EQ(time_of(*kept, "2026-07-15 12:00"), "2026-07-15T11:00:00Z");
  EXPECT_NE(kept->digest(), mapping.digest());
  const auto without = Mapping::from_canonical(replaced(
      mapping.canonical(), R"(,"zones":{"Europe/Berlin":"CET-1CEST,M3.5.0,M10.5.0/3"})", ""));
  EXPECT_EQ(testing::code_of(without), Code::Corrupt) << "no build's table speaks for it";
}

TEST(Zones, AMappingsOwnZonesComeFirst) {
  const auto mapping =
      compiled(with_zone("Europe/Berlin", "zones: {Europe/Berlin: CET-2, plant: '<+03>-3'}\n"))
          .value();
  EXPECT_EQ(time_of(mapping, "2026-07-15 12:00"), "2026-07-15T10:00:00Z");
  EXPECT_EQ(time_of(mapping, "2026-01-15 12:00"), "2026-01-15T10:00:00Z");
  EXPECT_EQ(to_text(zones_of(mapping)), R"({"Europe/Berlin":"CET-2","plant":"<+03>-3"})");
}

TEST(Zones, WhatIsNoZoneIsRefusedWithItsLine) {
  struct Case {
    const char *zone, *more, *want;
  };
  for (const auto& [zone, more, want] : {
           Case{"Europe/Berln", "",
                "shop.yaml:9: a zone is an offset from UTC ('+01:00'), a rule "
                "('CET-1CEST,M3.5.0,M10.5.0/3') or a name, and there is no 'Europe/Berln'; did you "
                "mean 'Europe/Berlin'?"},
           Case{"UTC-5", "", "shop.yaml:9: a zone is an offset from UTC ('+01:00')"},
           Case{"'+01:00 '", "", "shop.yaml:9: a zone is an offset from UTC ('+01:00')"},
           Case{"'CET-1CEST,M3.5.0'", "", "shop.yaml:9: a zone's rule needs a ','"},
           Case{"plant", "zones: {plant: CET}\n", "shop.yaml:10: a zone's rule needs an hour"},
           Case{"plant", "zones: [plant]\n", "shop.yaml:10: 'zones' has rules by the names"},
       }) {
    const auto made = compiled(with_zone(zone, more));
    EXPECT_EQ(testing::code_of(made), Code::InvalidArgument) << zone;
    if (!made) {
      EXPECT_TRUE(made.error().message().starts_with(want)) << made.error();
    }
  }
}

TEST(Zones, AllOfTheTableAreKnownByTheirNames) {
  EXPECT_GT(mapping::iana_zones().size(), 500U);
  for (const auto& [name, rule] : mapping::iana_zones()) {
    const auto yaml = Yaml::parse("zone: " + std::string(name), "zone.yaml").value();
    mapping::Zones zones;
    EXPECT_TRUE(zones.find(yaml["zone"])) << name;
  }
}

}  // namespace
}  // namespace winnow
