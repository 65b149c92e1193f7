#include "simulate/network_traffic.h"

#include <map>
#include <set>

#include "ingest/mapping/mapping.h"
#include "tests/simulate/simulated_logs.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

// Whatever is written, the mapping that ships reads it, and an attack is amid what looks like it.
TEST(NetworkTraffic, EachRecordIsReadAndHonestOnesLookLikeAttacks) {
  const auto file = testing::source_folder() / "content/mappings/suricata.yaml";
  LogReader reader(Mapping::compile(Yaml::read(file.string()).value()).value());
  std::map<std::string, std::map<Label, int>> kinds;
  std::set<std::string> intrusions;
  for (const auto& record : network_log(5, 21)) {
    const auto event = reader.read(RecordForm::LogJson, record.raw, sha256(record.raw));
    ASSERT_TRUE(event) << event.error() << record.raw;
    EXPECT_LE(std::chrono::abs(event->time() - record.time), std::chrono::seconds(1));
    const auto kind = event->get(ocsf::Attribute::of("metadata.log_name")).as_text();
    ++kinds[std::string(kind)][record.truth];
    EXPECT_EQ(record.intrusion.empty(), record.truth == Label::Benign);
    if (!record.intrusion.empty()) intrusions.insert(record.intrusion);
  }
  EXPECT_GE(intrusions.size(), 4U);
  for (const auto* kind : {"flow", "dns", "tls", "http", "alert"}) {
    EXPECT_GT(kinds[kind][Label::Benign], 20) << kind;
    EXPECT_GT(kinds[kind][Label::Malicious], 0) << kind;
  }
}

}  // namespace
}  // namespace winnow::simulate
