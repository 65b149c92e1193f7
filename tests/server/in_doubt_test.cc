// A crash between storing a batch and deciding it: its records come again from the spool.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "pipeline/decision_store.h"
#include "server/threads/delivery.h"
#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using testing::LogService;

constexpr int kStored = 30, kOfTheBatch = 60, kBehind = 90;  // ends of what is sent, stored, waits

// Few hosts and names, so that each event knows something of those before it.
std::string line(int number) {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:{:02}+0000","flow_id":{},"event_type":"dns",)"
      R"("src_ip":"10.0.0.{}","src_port":5353,"dest_ip":"192.0.2.1","dest_port":53,"proto":"UDP",)"
      R"("dns":{{"type":"query","id":1,"rrname":"n{}.example","rrtype":"A"}}}})",
      number / 60, number % 60, number, number % 3, number % 7);
}

std::string lines(int begin, int end) {
  std::string all;
  for (int i = begin; i < end; ++i) all += line(i) + "\n";
  return all;
}

void accept(const Path& folder, std::string_view body, Timestamp now) {
  const auto delivery = deliver_body(InputFormat::NdJson, "gate", "test", body).value();
  auto spool = Spool::open(folder, {}, now).value();
  const Spool::NewRecord record{delivery.records, delivery.bytes};
  ASSERT_OK(spool->append({&record, 1}, now));
}

// As the scorer stores a batch before it decides it.
void store(const Path& folder, int begin, int end, const Clock& clock) {
  auto log = EventLog::open(folder / "soc/data/events", Access::ReadWrite).value();
  auto quarantine = Quarantine::open(folder / "soc/data/quarantine.db", Access::ReadWrite).value();
  LogMappings mappings(
      {Mapping::compile(
           Yaml::read((testing::source_folder() / "content/mappings/suricata.yaml").string())
               .value())
           .value()});
  const RecordMapping mails;
  RecordReader reader(&mails, &mappings);
  std::vector<ReceivedRecord> records;
  for (int i = begin; i < end; ++i) {
    auto& received = records.emplace_back();
    received.source = "gate";
    received.record.form = RecordForm::LogJson;
    received.record.raw = line(i);
    received.record.size = received.record.raw.size();
    received.record.digest = sha256(received.record.raw);
  }
  ASSERT_OK(ingest_received(std::move(records), reader, log, quarantine, clock));
}

// The ids of all decisions, which are digests over what was read and decided.
std::vector<std::string> decided(bool with_crash) {
  LogService service({"suricata.yaml"});
  service.promote_network();
  service.post("gate", lines(0, kStored));
  service.wait_for_empty_spool();
  service.restart([&](ServiceOptions&, FixedClock& clock) {
    accept(service.folder() / "soc/data/spool", lines(kStored, kBehind), clock.now());
    if (with_crash) store(service.folder(), kStored, kOfTheBatch, clock);
  });
  service.wait_for({{Domain::Network, {"suricata.yaml"}}});
  service.wait_for_empty_spool();
  service.service().drain(std::chrono::seconds(5));
  auto decisions =
      DecisionStore::open(service.folder() / "soc/data/winnow.db", Access::ReadOnly).value();
  std::vector<std::string> ids;
  for (const auto& record : *decisions.list({.limit = 1'000}))
    ids.push_back(record.decision.id_text());
  std::ranges::sort(ids);
  return ids;
}

TEST(InDoubt, WhatACrashLeftStoredIsDecidedAtItsPlace) {
  const auto undisturbed = decided(false);
  EXPECT_EQ(undisturbed.size(), static_cast<std::size_t>(kBehind));
  EXPECT_EQ(decided(true), undisturbed);
}

}  // namespace
}  // namespace winnow::server
