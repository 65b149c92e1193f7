#include "simulate/endpoint_traffic.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "ingest/mapping/mapping.h"
#include "simulate/intrusion_plan.h"
#include "tests/simulate/simulated_logs.h"
#include "tests/simulate/word_classifier.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

using std::chrono::hours;

TEST(EndpointTraffic, EachRecordIsReadAndHonestOnesLookLikeAttacks) {
  const auto reader_of = [](const char* mapping) {
    const auto file = testing::source_folder() / "content/mappings" / mapping;
    return LogReader(Mapping::compile(Yaml::read(file.string()).value()).value());
  };
  auto sysmon = reader_of("sysmon.yaml"), windows = reader_of("windows.yaml");
  std::map<std::string, std::map<Label, int>> kinds;
  std::set<std::string> intrusions;
  for (const auto& record : endpoint_log(5, 28)) {
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
  const auto on_machines = endpoint_log(5, 21);
  const auto on_wire = network_log(5, 21);
  const auto company = small_company(5);
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
    const auto company = small_company(seed);
    const EndpointTrafficConfig config{.span = {.seed = seed, .days = 90, .intrusions_a_week = 4}};
    const auto split = config.span.from + hours(24 * 60);
    std::vector<Example> past, future;
    for (const auto& record : all_of(endpoint_traffic(company, config))) {
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
