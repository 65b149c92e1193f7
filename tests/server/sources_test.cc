// Sources and quarantine as people look at them: GET /v1/sources, /v1/quarantine.
#include <filesystem>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "server/recent_counts.h"
#include "tests/server/log_service.h"

namespace winnow::server {
namespace {

using testing::LogService;

std::string dns(int number, std::string_view more = "") {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:00+0000","event_type":"dns","src_ip":"10.0.0.7",)"
      R"("src_port":5,"dest_ip":"192.0.2.53","dest_port":53,"proto":"UDP"{},"dns":)"
      R"({{"type":"query","id":{},"rrname":"n{}.example","rrtype":"A"}}}})",
      number % 60, more, number, number);
}

class SourcesOfService : public ::testing::Test {
 protected:
  Json get(std::string_view target, int status = 200, Role role = Role::Engineer) const {
    return service.read(target, role, status);
  }
  void post(std::string_view source, const std::vector<std::string>& lines) const {
    service.post(source, fmt::format("{}\n", fmt::join(lines, "\n")));
    service.wait_for_empty_spool();
  }
  LogService service{{"suricata.yaml"}};
};

TEST_F(SourcesOfService, TellWhichMappingsReadThemAndHowMuchCame) {
  post("suricata", {dns(1), dns(2), dns(3), R"({"event_type":"moon","timestamp":"x"})"});
  const auto found = get("/v1/sources");
  ASSERT_EQ(found["sources"].size(), 1U);
  const auto& source = found["sources"][std::size_t{0}];
  EXPECT_EQ(source["name"].as_string(), "suricata");
  EXPECT_EQ(source["events"].as_int(), 3);
  EXPECT_EQ(source["quarantined"].as_int(), 1);
  ASSERT_EQ(source["mappings"].size(), 1U);
  EXPECT_EQ(source["mappings"][std::size_t{0}]["name"].as_string(), "suricata");
  EXPECT_EQ(source["mappings"][std::size_t{0}]["domain"].as_string(), "network");
  EXPECT_EQ(source["mappings"][std::size_t{0}]["records"].as_int(), 3);
  ASSERT_EQ(source["minutes"].size(), 60U);
  ASSERT_EQ(source["hours"].size(), 24U);
  EXPECT_EQ(source["minutes"][59].as_int(), 4) << "usable or not";
  EXPECT_EQ(source["hours"][23].as_int(), 4);
  EXPECT_EQ(found["lost"]["syslog_dropped"].as_int(), 0);
}

TEST_F(SourcesOfService, ThatFellSilentAreRememberedOverARestart) {
  const auto last_of = [&](std::string_view name) {
    const auto found = get("/v1/sources")["sources"];
    for (const auto& source : found.items())
      if (source["name"].as_string() == name) return source["last_at"].as_string();
    return std::string("forgotten");
  };
  post("ids", {dns(1)});
  const auto came = last_of("ids");
  const auto file = service.folder() / "soc/data/sources.json";
  const auto start_after = [&](std::chrono::hours pause) {
    service.restart([&](ServiceOptions&, FixedClock& clock) { clock.advance(pause); });
  };
  start_after(std::chrono::hours(5));
  EXPECT_EQ(last_of("ids"), came);
  start_after(std::chrono::hours(24 * 30));
  EXPECT_EQ(last_of("ids"), "forgotten");
  // A damaged file costs what it knew, and no start.
  ASSERT_OK(write_atomically(file, R"({"schema":"winnow.sources/1","sources":[{"name":7}]})"));
  start_after(std::chrono::hours(1));
  post("ids", {dns(2)});
  EXPECT_NE(last_of("ids"), "forgotten");
}

TEST_F(SourcesOfService, FromTheFutureOrTooManyAreNotRememberedSo) {
  service.restart([&](ServiceOptions&, FixedClock& clock) {
    Json all = Json::array();
    const auto add = [&](std::string name, Timestamp last) {
      all.push(Json::object({{"name", std::move(name)}, {"last_at", last.text()}}));
    };
    for (int i = 0; i < 200; ++i)
      add(fmt::format("made-up-{}", i), clock.now() - std::chrono::hours(1 + i));
    add("ahead", clock.now() + std::chrono::hours(24));
    const auto json = Json::object({{"schema", "winnow.sources/1"}, {"sources", std::move(all)}});
    ASSERT_OK(write_atomically(service.folder() / "soc/data/sources.json", to_text(json)));
  });
  const auto told = get("/v1/sources")["sources"];
  EXPECT_EQ(told.size(), 100U) << "half of the names stay free";
  std::set<std::string> names;
  for (const auto& source : told.items()) {
    names.insert(source["name"].as_string());
    EXPECT_LE(source["last_at"].as_string(), LogService::kNow.text());
  }
  EXPECT_TRUE(names.contains("ahead"));
  EXPECT_TRUE(names.contains("made-up-98")) << "the newest";
  EXPECT_FALSE(names.contains("made-up-99"));
}

TEST_F(SourcesOfService, TellWhichFieldsNobodyReads) {
  post("ids", {dns(1), dns(2, R"(,"moon_phase":"full")")});
  post("other", {dns(3)});
  const auto found = get("/v1/sources/coverage?source=ids");
  EXPECT_EQ(found["records"].as_int(), 2);
  EXPECT_EQ(found["examined"].as_int(), 3);
  ASSERT_EQ(found["mappings"].size(), 1U);
  const auto& event = found["mappings"][std::size_t{0}]["events"][std::size_t{0}];
  EXPECT_EQ(event["class"].as_string(), "dns_activity");
  EXPECT_EQ(event["records"].as_int(), 2);
  EXPECT_GT(event["values"]["ocsf"].as_int(), 10);
  bool is_told = false;
  for (const auto& field : event["fields"]["ignored"].items())
    is_told = is_told || field["path"].as_string() == "moon_phase";
  EXPECT_TRUE(is_told) << to_text(event);
  EXPECT_EQ(event["values"]["unreadable"].as_int(), 0);
  EXPECT_EQ(get("/v1/sources/coverage?source=nobody")["records"].as_int(), 0);
  get("/v1/sources/coverage", 400);
}

TEST_F(SourcesOfService, TellWhichFieldsSayNonsenseAndWhatTheyAreFor) {
  auto damaged = dns(2);
  damaged.replace(damaged.find(R"("src_port":5)"), 12, R"("src_port":"five")");
  post("ids", {dns(1), damaged});
  const auto found = get("/v1/sources/coverage?source=ids");
  const auto& event = found["mappings"][std::size_t{0}]["events"][std::size_t{0}];
  EXPECT_EQ(event["values"]["unreadable"].as_int(), 1);
  ASSERT_EQ(event["fields"]["unreadable"].size(), 1U) << to_text(event);
  const auto& field = event["fields"]["unreadable"][std::size_t{0}];
  EXPECT_EQ(field["path"].as_string(), "src_port");
  EXPECT_EQ(field["attributes"][std::size_t{0}].as_string(), "src_endpoint.port");
}

TEST_F(SourcesOfService, QuarantineIsToldByReasonWithSamples) {
  EXPECT_EQ(get("/v1/quarantine")["total"].as_int(), 0);
  EXPECT_EQ(get("/v1/quarantine/reasons")["reasons"].size(), 0U);
  std::vector<std::string> lines;
  for (int i = 0; i < 5; ++i)
    lines.push_back(fmt::format(R"({{"event_type":"dns","timestamp":"wombat {}"}})", i));
  post("suricata", lines);
  service.score("");
  const auto reasons = get("/v1/quarantine/reasons");
  EXPECT_EQ(reasons["total"].as_int(), 6);
  std::int64_t counted = 0;
  for (const auto& reason : reasons["reasons"].items()) counted += reason["records"].as_int();
  EXPECT_EQ(counted, 6);
  std::set<std::string> seen;
  std::string target = "/v1/quarantine?source=suricata&limit=2";
  for (;;) {
    const auto page = get(target, 200, Role::Auditor);
    EXPECT_EQ(page["total"].as_int(), 5);
    for (const auto& record : page["records"].items()) {
      EXPECT_TRUE(seen.insert(record["digest"].as_string()).second);
      EXPECT_EQ(record["mapping"].as_string(), "suricata");
      EXPECT_NE(record["sample"].as_string().find("wombat"), std::string::npos)
          << "what a mapping of logs refused is no mail";
    }
    if (page["next"].is_null()) break;
    target = "/v1/quarantine?source=suricata&limit=2&cursor=" + page["next"].as_string();
  }
  EXPECT_EQ(seen.size(), 5U);
  get("/v1/quarantine?cursor=x", 400);
  EXPECT_EQ(service.ask("GET", "/v1/quarantine", service.token(Role::Sensor)).status, 403);
}

// What nobody recognised may be a mail, so it is shown to those who may read mail.
TEST_F(SourcesOfService, WhatMayBeMailIsShownToThoseWhoMayReadMail) {
  post("gateway", {R"({"note":"wombat"})"});
  for (const auto role :
       {Role::Analyst, Role::Senior, Role::Engineer, Role::Admin, Role::Auditor}) {
    const auto page = get("/v1/quarantine", 200, role);
    ASSERT_EQ(page["records"].size(), 1U);
    EXPECT_EQ(page["records"][std::size_t{0}]["sample"].is_null(), !kReadMail.contains(role));
    EXPECT_EQ(to_text(page).find("wombat") != std::string::npos, kReadMail.contains(role));
  }
}

TEST(RecentCounts, AreThoseOfTheLastPeriods) {
  RecentCounts<4> counts;
  counts.note(100);
  counts.note(100);
  counts.note(102);
  EXPECT_EQ(counts.until(102), (std::array<std::uint64_t, 4>{0, 2, 0, 1}));
  EXPECT_EQ(counts.until(104), (std::array<std::uint64_t, 4>{0, 1, 0, 0})) << "time goes on";
  EXPECT_EQ(counts.until(101), (std::array<std::uint64_t, 4>{0, 0, 2, 0}));
  counts.note(101);  // a clock that was set back
  EXPECT_EQ(counts.until(102), (std::array<std::uint64_t, 4>{0, 2, 1, 1}));
  counts.note(50);  // too long ago to be told
  EXPECT_EQ(counts.until(102), (std::array<std::uint64_t, 4>{0, 2, 1, 1}));
  counts.note(104);
  EXPECT_EQ(counts.until(104), (std::array<std::uint64_t, 4>{1, 1, 0, 1}));
  counts.note(1'000);
  EXPECT_EQ(counts.until(1'000), (std::array<std::uint64_t, 4>{0, 0, 0, 1}));
}

}  // namespace
}  // namespace winnow::server
