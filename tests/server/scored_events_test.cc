// One record of any log in, its decision out: POST /v1/score/event.
#include <atomic>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "ingest/mapping/mapping_folder.h"
#include "ingest/quarantine.h"
#include "pipeline/decision_store.h"
#include "server/endpoints/scoring_endpoints.h"
#include "store/compress.h"
#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::LogService;

std::vector<Mapping> shipped(Domain domain) {
  auto all = read_log_mappings(testing::source_folder() / "content/mappings").value();
  std::erase_if(all, [&](const Mapping& mapping) { return mapping.domain() != domain; });
  return all;
}

LogService::Content content_of(const std::vector<Domain>& domains) {
  LogService::Content content;
  for (const auto domain : domains) {
    for (const auto& mapping : shipped(domain)) content[domain].push_back(mapping.name() + ".yaml");
  }
  return content;
}

std::string alert(int number, int severity = 1) {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:00+0000","event_type":"alert","src_ip":"10.0.0.{}",)"
      R"("src_port":5,"dest_ip":"192.0.2.9","dest_port":80,"proto":"TCP","alert":{{"gid":1,)"
      R"("signature_id":{},"signature":"alert {}","category":"c","severity":{}}}}})",
      number % 60, number % 250, number, number, severity);
}

constexpr std::string_view kJson = "Content-Type: application/json\r\n",
                           kText = "Content-Type: text/plain\r\n";

class ScoredEvents : public ::testing::Test {
 protected:
  // With the mappings of all logs, and champions of these domains.
  void start(const std::vector<Domain>& domains,
             LogService::Champion mail = LogService::Champion::Small) {
    std::vector<std::string> files;
    for (const auto& [domain, of_domain] : content_of({kDomains.begin(), kDomains.end()}))
      files.insert(files.end(), of_domain.begin(), of_domain.end());
    service = std::make_unique<LogService>(files, mail);
    if (!domains.empty()) service->promote(content_of(domains));
  }
  testing::Answer score(std::string_view record, std::string_view fields = kJson,
                        std::string_view query = "") const {
    return service->ask("POST", fmt::format("/v1/score/event{}", query),
                        service->token(Role::Sensor), fields, record);
  }
  Json scored(std::string_view record, std::string_view fields = kJson,
              std::string_view query = "") const {
    const auto answer = score(record, fields, query);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return parse_json(answer.body).value();
  }
  const std::string& analyst() const { return service->token(Role::Analyst); }
  EventLog log() const {
    service->service().drain(5s);
    return EventLog::open(service->folder() / "soc/data/events", Access::ReadOnly).value();
  }
  std::uint64_t quarantined() const {
    return Quarantine::open(service->folder() / "soc/data/quarantine.db", Access::ReadOnly)
        .value()
        .count()
        .value();
  }

  std::unique_ptr<LogService> service;
};

TEST_F(ScoredEvents, EveryMappedLogIsAnsweredWithADecisionThatReplays) {
  const std::vector domains = {Domain::Network, Domain::Endpoint, Domain::Cloud, Domain::Alerts};
  start(domains);
  std::map<std::string, std::string> answered;  // decision, mapping
  for (const auto domain : domains) {
    for (const auto& mapping : shipped(domain)) {
      SCOPED_TRACE(mapping.name());
      ASSERT_FALSE(mapping.examples().empty());
      const auto& record = mapping.examples().front().in;
      const bool is_json = record.starts_with('{');
      const auto decision = scored(record, is_json ? kJson : kText);
      EXPECT_EQ(decision["domain"].as_string(), name_of(domain));
      EXPECT_EQ(decision["mapping"].as_string(), mapping.name());
      EXPECT_FALSE(decision["route"].as_string().empty());
      answered[decision["id"].as_string()] = mapping.name();
      auto stored = parse_json(
          service->ask("GET", "/v1/decisions/" + decision["id"].as_string(), analyst()).body);
      ASSERT_TRUE(stored);
      stored->set("domain", decision["domain"]).set("mapping", decision["mapping"]);
      EXPECT_EQ(to_text(*stored), to_text(decision)) << "what was answered is on record";
    }
  }
  EXPECT_GT(answered.size(), 20U);

  const auto events = log();
  auto decisions =
      DecisionStore::open(service->folder() / "soc/data/winnow.db", Access::ReadOnly).value();
  auto& registry = service->registry();
  for (const auto& [id, mapping] : answered) {
    SCOPED_TRACE(mapping);
    const auto record = decisions.get(id).value();
    const auto stored = events.look_up(record.decision.event).value().value();
    EXPECT_EQ(stored.mapping, mapping);
    EXPECT_EQ(stored.source, "sensor");
    const auto bundle =
        load_bundle(registry, registry.bundle(record.decision.bundle.hex()).value()).value();
    const auto event =
        StoredEventReader(bundle->mapping).read(stored, events.read_raw(stored).value()).value();
    const auto again = bundle->pipeline.replay(event, record.decision).value();
    EXPECT_EQ(again.bytes(), record.decision.bytes());
  }
}

TEST_F(ScoredEvents, AnAlertSeesTheStatesOfThoseBeforeIt) {
  start({Domain::Network});
  // The same signature from the same source: what was rare is not, after a while.
  const auto reasons = [&](int minute) {
    auto record = alert(1);
    record.replace(record.find("08:01"), 5, fmt::format("08:{:02}", minute));
    return scored(record)["id"].as_string();
  };
  const auto first = reasons(1), last = [&] {
    for (int minute = 2; minute < 20; ++minute) reasons(minute);
    return reasons(20);
  }();
  const auto features = [&](const std::string& id) {
    return parse_json(service->ask("GET", "/v1/findings/" + id, analyst()).body)
        .value()["features"];
  };
  EXPECT_NE(to_text(features(first)), to_text(features(last)));
}

TEST_F(ScoredEvents, TheSameRecordAgainGetsTheSameDecision) {
  start({Domain::Network});
  const auto first = score(alert(1));
  EXPECT_EQ(first.status, 200);
  score(alert(2));
  EXPECT_EQ(score(alert(1)).body, first.body);
  EXPECT_EQ(score("\n " + alert(1) + "\r\n", kText).body, first.body) << "its bytes are the same";
  EXPECT_EQ(score(alert(1), kJson, "?mapping=zeek").body, first.body)
      << "it is known, as what it was read";
  service->restart();
  service->wait_for(content_of({Domain::Network}));
  EXPECT_EQ(score(alert(1)).body, first.body);
  EXPECT_EQ(log().last_id().value(), 2U);
}

TEST_F(ScoredEvents, WhatCameByAnotherDoorKeepsItsDecision) {
  start({Domain::Network});
  const auto accepted =
      service->ask("POST", "/v1/events/ids", service->token(Role::Sensor), kJson, alert(3));
  ASSERT_EQ(accepted.status, 202);
  const auto decided = [&] {
    return parse_json(service->ask("GET", "/v1/decisions", analyst()).body).value()["decisions"];
  };
  testing::wait_until([&] { return decided().size() > 0; });
  EXPECT_EQ(scored(alert(3))["id"].as_string(), decided()[std::size_t{0}]["id"].as_string());
  EXPECT_EQ(log().last_id().value(), 1U);
}

TEST_F(ScoredEvents, WithoutAChampionNothingIsKept) {
  start({}, LogService::Champion::None);
  const auto answer = score(alert(1));
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  EXPECT_THAT(answer.body, HasSubstr("no bundle decides for network"));
  EXPECT_THAT(answer.body, HasSubstr("POST /v1/deployments/network/promote"));
  const auto row = score(R"({"subject":"a row of a mail log","body":"x"})");
  EXPECT_EQ(row.status, 503);
  EXPECT_THAT(row.body, HasSubstr("no bundle decides for mail"));
  EXPECT_EQ(quarantined(), 0U);
  EXPECT_EQ(log().last_id().value(), 0U);
}

TEST_F(ScoredEvents, WhatTheChampionHasNoMappingForIsNotKept) {
  start({});
  service->promote({{Domain::Network, {"zeek.yaml"}}});
  const auto answer = score(alert(1));
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("the champion of network has no mapping 'suricata'"));
  EXPECT_EQ(log().last_id().value(), 0U);
}

TEST_F(ScoredEvents, ARowOfAMailLogIsDecidedAsMail) {
  start({});
  const auto decision = scored(R"({"sender":"a@b.example","subject":"a row","body":"x"})");
  EXPECT_EQ(decision["domain"].as_string(), "mail");
  EXPECT_EQ(decision["mapping"].as_string(), "mail");
  EXPECT_EQ(decision["subject"].as_string(), "a row");
}

TEST_F(ScoredEvents, WhatCannotBeUsedIsQuarantinedAndTold) {
  start({Domain::Network});
  struct Bad {
    std::string body;
    std::string_view fields, query;
    const char* why;
  };
  const std::vector<Bad> all = {
      {R"({"timestamp":"2026-03-03T14:05:06Z","message":"x"})", kJson, "", "nearest: suricata"},
      {R"({"event_type":"dns"})", kJson, "?mapping=suricata", "time"},
      {"no record of anything", kText, "", "a line of text that no mapping recognises"},
      {R"({"unfinished":)", kJson, "", "end"},
      {alert(1) + alert(2), kJson, "", "something behind the object"},
      {alert(7), kJson, "?mapping=mail", "no row of a mail log"}};
  std::uint64_t kept = 0;
  for (const auto& bad : all) {
    const auto answer = score(bad.body, bad.fields, bad.query);
    EXPECT_EQ(answer.status, 422) << bad.body << answer.body;
    EXPECT_EQ(answer.field("content-type"), "application/problem+json");
    EXPECT_THAT(answer.body, HasSubstr("the record cannot be used")) << bad.body;
    EXPECT_THAT(answer.body, HasSubstr(bad.why));
    EXPECT_EQ(quarantined(), ++kept) << bad.body;
  }
  EXPECT_EQ(log().last_id().value(), 0U);
}

TEST_F(ScoredEvents, WhatIsNotOneRecordIsRefusedAndNotKept) {
  start({Domain::Network});
  struct Bad {
    std::string body;
    std::string_view fields, query;
    int status;
    const char* why;
  };
  const auto two = alert(1) + "\n" + alert(2);
  const std::string zstd = fmt::format("{}Content-Encoding: zstd\r\n", kJson);
  const std::string brotli = fmt::format("{}Content-Encoding: br\r\n", kJson);
  const std::vector<Bad> all = {
      {two, kJson, "", 400, "several"},
      {fmt::format("[{},{}]", alert(1), alert(2)), kJson, "", 400, "several"},
      {fmt::format(R"({{"Records":[{},{}]}})", alert(1), alert(2)), kJson, "", 400, "several"},
      {" \n", kJson, "", 400, "there is none"},
      {"[]", kJson, "", 400, "there is none"},
      {alert(1), "", "", 415, "declared"},
      {alert(1), "Content-Type: application/x-ndjson\r\n", "", 415, "declared"},
      {alert(1), kJson, "?mapping=suricatta", 400, "did you mean 'suricata'?"},
      {alert(1), kJson, "?source=%0A", 400, "source"},
      {alert(1), kJson, "?domain=network", 400, "domain"},
      {alert(1), zstd, "", 400, "content-encoding"},
      {alert(1), brotli, "", 415, "content-encoding"},
      {compress(std::string(3UL << 20, ' ')), zstd, "", 413, "unpacks"},
      {std::string((1UL << 20) + 1, ' '), kJson, "", 413, "larger"}};
  for (const auto& bad : all) {
    const auto answer = score(bad.body, bad.fields, bad.query);
    EXPECT_EQ(answer.status, bad.status) << bad.body.substr(0, 100) << bad.query << answer.body;
    EXPECT_THAT(answer.body, HasSubstr(bad.why)) << bad.body.substr(0, 100) << bad.query;
  }
  EXPECT_EQ(quarantined(), 0U);
  EXPECT_EQ(log().last_id().value(), 0U);
}

TEST_F(ScoredEvents, OneRecordOfAnArrayAndPackedOrLargeOnesAreRecords) {
  start({Domain::Network});
  const auto plain = scored(alert(1));
  EXPECT_EQ(scored("[" + alert(1) + "]")["id"], plain["id"]);
  EXPECT_EQ(scored(compress(alert(1)), fmt::format("{}Content-Encoding: zstd\r\n", kJson))["id"],
            plain["id"]);
  auto large = alert(2);
  large.insert(1, fmt::format(R"("payload":"{}",)", std::string(600'000, 'A')));
  EXPECT_EQ(scored(large)["event"].as_string(), sha256(large).hex());
  auto largest = alert(3);
  const std::string payload = R"("payload":"",)";
  largest.insert(1,
                 fmt::format(R"("payload":"{}",)",
                             std::string(kMaxScoredBytes - largest.size() - payload.size(), 'A')));
  ASSERT_EQ(largest.size(), kMaxScoredBytes);
  EXPECT_EQ(scored(largest)["event"].as_string(), sha256(largest).hex());
  EXPECT_EQ(log().last_id().value(), 3U);
}

TEST_F(ScoredEvents, TheSourceAndTheMappingMayBeNamed) {
  start({Domain::Network});
  // No mapping would recognise it: the sender knows.
  const std::string odd = R"({"timestamp":"2026-03-03T14:05:06Z","event_type":"dns","Event":)"
                          R"(1,"src_ip":"192.0.2.7","dest_ip":"192.0.2.1"})";
  EXPECT_EQ(scored(odd, kJson, "?mapping=suricata&source=gate%207")["mapping"].as_string(),
            "suricata");
  auto other = odd;
  other.replace(other.find(":1,"), 3, ":2,");
  EXPECT_EQ(scored(other, kJson, "?source=suricata")["mapping"].as_string(), "suricata");
  const auto events = log();
  EXPECT_EQ(events.find(sha256(odd).hex())->source, "gate 7");
  EXPECT_EQ(events.find(sha256(other).hex())->source, "suricata");
}

TEST_F(ScoredEvents, ManyAtOnceBesideMailsAreEachAnsweredWithTheirOwn) {
  start({Domain::Network});
  std::atomic<int> well{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; i < 10; ++i) {
        const auto raw = alert(c * 100 + i);
        const auto answer = score(raw);
        const auto json = parse_json(answer.body);
        well += answer.status == 200 && json && (*json)["event"].as_string() == sha256(raw).hex();
        const auto mail = service->score(fmt::format("From: a@b.example\n\nhello {} {}\n", c, i));
        well += mail.status == 200;
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(well, 160);
  EXPECT_EQ(log().last_id().value(), 160U);
}

TEST_F(ScoredEvents, AFailingDiskIsToldAndOverOnceItAnswers) {
  start({Domain::Network});
  struct Fault {
    std::string_view step;
    Code code;
    int status;
  };
  int number = 1;
  for (const auto& fault :
       {Fault{"append", Code::Exhausted, 507}, Fault{"sync", Code::Unavailable, 503}}) {
    set_write_fault([&](std::string_view step, const Path& path) -> Status {
      if (step != fault.step) return {};
      return Error(fault.code, fmt::format("writing '{}' failed", path.string()));
    });
    const auto answer = score(alert(number));
    set_write_fault({});
    EXPECT_EQ(answer.status, fault.status) << answer.body;
    EXPECT_EQ(answer.body.find(service->folder().string()), std::string::npos) << answer.body;
    EXPECT_EQ(score(alert(number++)).status, 200);
  }
  EXPECT_EQ(log().last_id().value(), 2U);
}

}  // namespace
}  // namespace winnow::server
