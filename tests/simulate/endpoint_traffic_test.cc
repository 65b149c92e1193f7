#include "simulate/endpoint_traffic.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "ingest/mapping/mapping.h"
#include "simulate/intrusion_plan.h"
#include "simulate/network_traffic.h"
#include "tests/simulate/word_classifier.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

using std::chrono::hours;

template <typename Traffic, typename Config>
std::vector<SimulatedRecord> all_of(const Config& config) {
  const auto company = Company::build({.seed = config.seed, .people = 15});
  Traffic traffic(company, config);
  std::vector<SimulatedRecord> all;
  for (SimulatedRecord next; traffic.next(next);) all.push_back(std::move(next));
  return all;
}
std::vector<SimulatedRecord> records(std::uint64_t seed, unsigned days) {
  return all_of<EndpointTraffic>(
      EndpointTrafficConfig{.seed = seed, .days = days, .programs_a_day = 6});
}

TEST(EndpointTraffic, TheSameSeedGivesTheSameBytes) {
  const auto one = records(3, 4), same = records(3, 4), other = records(4, 4);
  ASSERT_EQ(one.size(), same.size());
  for (std::size_t i = 0; i < one.size(); ++i) ASSERT_EQ(one[i].raw, same[i].raw);
  EXPECT_NE(one[0].raw, other[0].raw);
}

// One known digest: a change of the generator, or a machine that draws otherwise, is seen.
TEST(EndpointTraffic, GivesTheBytesItGaveBefore) {
  std::string all;
  for (const auto& record : records(1, 8)) all += record.raw + "\n";
  testing::expect_golden(sha256(all).hex() + "\n", "simulate/golden/endpoint_traffic.sha256");
}

TEST(EndpointTraffic, ALongerSpanBeginsAlike) {
  const auto few = records(3, 3), more = records(3, 5);
  ASSERT_LT(few.size(), more.size());
  for (std::size_t i = 0; i < few.size(); ++i) ASSERT_EQ(few[i].raw, more[i].raw);
}

// Whatever is written, the mappings that ship read it, and attacks are amid what looks like them.
TEST(EndpointTraffic, EachRecordIsReadAndHonestOnesLookLikeAttacks) {
  const auto reader_of = [](const char* mapping) {
    const auto file = testing::source_folder() / "content/mappings" / mapping;
    return LogReader(Mapping::compile(Yaml::read(file.string()).value()).value());
  };
  auto sysmon = reader_of("sysmon.yaml"), windows = reader_of("windows.yaml");
  std::map<std::string, std::map<Label, int>> kinds;
  std::set<std::string> intrusions;
  for (const auto& record : records(5, 28)) {
    auto& reader = record.raw.find("Sysmon") != std::string::npos ? sysmon : windows;
    const auto event = reader.read(RecordForm::LogJson, record.raw, sha256(record.raw));
    ASSERT_TRUE(event) << event.error() << record.raw;
    EXPECT_LE(std::chrono::abs(event->time() - record.time), std::chrono::seconds(1));
    ++kinds[std::string(event->get(ocsf::Attribute::of("metadata.event_code")).as_text())]
           [record.truth];
    EXPECT_EQ(record.intrusion.empty(), record.truth == Label::Benign);
    if (!record.intrusion.empty()) intrusions.insert(record.intrusion);
  }
  EXPECT_GE(intrusions.size(), 4U);
  for (const auto* kind : {"1", "3", "22", "10", "13", "4624", "4625", "7045", "4698"}) {
    EXPECT_GT(kinds[kind][Label::Benign], 5) << kind;
    EXPECT_GT(kinds[kind][Label::Malicious], 0) << kind;
  }
}

// One story: the network sees the same intrusions on the same machines, and each call home of it.
TEST(EndpointTraffic, TellsOfTheIntrusionsThatTheNetworkSees) {
  const auto on_machines = records(5, 21);
  const auto on_wire = all_of<NetworkTraffic>(NetworkTrafficConfig{.seed = 5, .days = 21});
  const auto company = Company::build({.seed = 5, .people = 15});
  for (const auto& plan : plan_intrusions(company, {.seed = 5, .days = 21})) {
    const auto tells = [&](const SimulatedRecord& record, const std::string& of) {
      return record.intrusion == plan.name && record.raw.find('"' + of) != std::string::npos;
    };
    std::size_t calls = 0, greetings = 0, machine = 0;
    for (const auto& record : on_machines) {
      calls += tells(record, "DestinationHostname\":\"" + plan.master) ? 1 : 0;
      machine += tells(record, "Hostname\":\"" + plan.machine.name) ? 1 : 0;
    }
    for (const auto& record : on_wire)
      greetings += tells(record, "src_ip\":\"" + plan.machine.address) ? 1 : 0;
    const auto planned =
        plan.calls_in(plan.begins, Timestamp::from_civil(2026, 1, 5) + hours(24 * 21)).size();
    EXPECT_GE(calls, planned) << plan.name;
    EXPECT_GT(machine, calls) << plan.name;
    EXPECT_GE(greetings, planned) << plan.name;
  }
}

// Words of command lines alone, learned from the past, find some of what intruders start and far
// from all of it: administrators and developers write the same.
TEST(EndpointDifficulty, WordsAloneFindSomeAndNotAll) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const EndpointTrafficConfig config{.seed = seed, .days = 90, .intrusions_a_week = 4};
    const auto split = config.from + hours(24 * 60);
    std::vector<Example> past, future;
    for (const auto& record : all_of<EndpointTraffic>(config)) {
      const auto json = parse_json(record.raw).value();
      if (json["EventID"].as_int() != 1) continue;
      const auto text =
          fmt::format("{} {} {}", json["Image"].as_string(), json["CommandLine"].as_string(),
                      json["ParentImage"].as_string());
      (record.time < split ? past : future)
          .push_back({words_of(text), record.truth == Label::Malicious});
    }
    const double found = average_precision_of_words(past, future);
    RecordProperty("average_precision_" + std::to_string(seed), std::to_string(found));
    EXPECT_GT(found, 0.15) << "seed " << seed;
    EXPECT_LT(found, 0.85) << "seed " << seed;
  }
}

}  // namespace
}  // namespace winnow::simulate
