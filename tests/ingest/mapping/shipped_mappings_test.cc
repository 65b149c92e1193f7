// The mappings in content/: each keeps the promises of its own examples, and what it makes is OCSF.
#include "base/file.h"
#include "ingest/mapping/example.h"
#include "ingest/mapping/log_mappings.h"
#include "ingest/mapping/mapping.h"
#include "ingest/mapping/mapping_folder.h"
#include "ingest/records/envelope.h"
#include "tests/ocsf/schema_validator.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

Mapping shipped(const std::string& name) {
  const auto file = testing::source_folder() / "content" / "mappings" / (name + ".yaml");
  const auto yaml = Yaml::read(file.string());
  EXPECT_TRUE(yaml) << yaml.error();
  auto mapping = Mapping::compile(*yaml);
  EXPECT_TRUE(mapping) << mapping.error();
  return *mapping;
}

class ShippedMapping : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedMapping, KeepsItsExamples) {
  const auto mapping = shipped(GetParam());
  const auto schema = testing::OcsfSchema::load();
  LogReader reader(mapping);
  EXPECT_FALSE(mapping.examples().empty());
  for (const auto& example : mapping.examples()) {
    for (const auto& difference : check_example(reader, example))
      ADD_FAILURE() << example.name << ": " << difference;
    if (!schema) continue;
    const auto event = reader.read(log_form_of(example.in), example.in, sha256(example.in),
                                   {.arrived = example.arrived});
    ASSERT_TRUE(event) << example.name << ": " << event.error();
    EXPECT_EQ(schema->problems_of(event->json(ocsf::Event::Unmapped::Include)),
              std::vector<std::string>{})
        << example.name;
  }
}

TEST_P(ShippedMapping, NoOtherRecognisesItsRecords) {
  static LogMappings all(
      read_log_mappings(testing::source_folder() / "content" / "mappings").value());
  const auto mapping = shipped(GetParam());
  for (const auto& example : mapping.examples()) {
    const auto chosen = all.choose(log_form_of(example.in), example.in);
    ASSERT_TRUE(chosen) << example.name << ": " << chosen.error();
    EXPECT_EQ(*chosen, GetParam()) << example.name;
  }
}

TEST_P(ShippedMapping, ItsArtifactReadsBackAsItself) {
  const auto mapping = shipped(GetParam());
  const auto again = Mapping::from_canonical(mapping.canonical());
  ASSERT_TRUE(again) << again.error();
  EXPECT_EQ(again->digest(), mapping.digest());
  EXPECT_EQ(again->events().size(), mapping.events().size());
}

INSTANTIATE_TEST_SUITE_P(Content, ShippedMapping,
                         ::testing::Values("suricata", "zeek", "cloudtrail", "sysmon", "windows",
                                           "route53", "kubernetes", "gcp", "entra_signin",
                                           "entra_audit", "okta", "m365", "guardduty",
                                           "crowdstrike", "crowdstrike_fdr", "wazuh", "aminer",
                                           "vpc_flow", "auditd", "osquery", "sentinelone",
                                           "defender", "ecs", "ocsf_network", "ocsf_endpoint",
                                           "ocsf_cloud", "access_log", "cef", "leef"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace winnow
