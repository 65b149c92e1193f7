#include "simulate/network_traffic.h"

#include <map>
#include <set>

#include "ingest/mapping/mapping.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

std::vector<SimulatedRecord> records(std::uint64_t seed, unsigned days) {
  const auto company = Company::build({.seed = seed, .people = 15});
  NetworkTraffic traffic(company, {.seed = seed, .days = days, .visits_a_day = 4});
  std::vector<SimulatedRecord> all;
  for (SimulatedRecord next; traffic.next(next);) all.push_back(std::move(next));
  return all;
}

TEST(NetworkTraffic, TheSameSeedGivesTheSameBytes) {
  const auto one = records(3, 4), same = records(3, 4), other = records(4, 4);
  ASSERT_EQ(one.size(), same.size());
  for (std::size_t i = 0; i < one.size(); ++i) ASSERT_EQ(one[i].raw, same[i].raw);
  EXPECT_NE(one[0].raw, other[0].raw);
}

// One known digest: a change of the generator, or a machine that draws otherwise, is seen.
TEST(NetworkTraffic, GivesTheBytesItGaveBefore) {
  std::string all;
  for (const auto& record : records(1, 8)) all += record.raw + "\n";
  testing::expect_golden(sha256(all).hex() + "\n", "simulate/golden/network_traffic.sha256");
}

TEST(NetworkTraffic, ALongerSpanBeginsAlike) {
  const auto few = records(3, 3), more = records(3, 5);
  ASSERT_LT(few.size(), more.size());
  for (std::size_t i = 0; i < few.size(); ++i) ASSERT_EQ(few[i].raw, more[i].raw);
}

// Whatever is written, the mapping that ships reads it, and an attack is amid what looks like it.
TEST(NetworkTraffic, EachRecordIsReadAndHonestOnesLookLikeAttacks) {
  const auto file = testing::source_folder() / "content/mappings/suricata.yaml";
  LogReader reader(Mapping::compile(Yaml::read(file.string()).value()).value());
  std::map<std::string, std::map<Label, int>> kinds;
  std::set<std::string> intrusions;
  for (const auto& record : records(5, 21)) {
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
