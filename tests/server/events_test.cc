// Accepted durably, decided asynchronously: POST /v1/events/{source}.
#include <atomic>
#include <set>

#include <fmt/format.h>

#include "base/json.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "store/compress.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using testing::raw_of;
using testing::RunningService;

std::string mail(int number) { return raw_of({.subject = fmt::format("mail {}", number)}); }

std::string row(int number) {
  return fmt::format(
      R"({{"sender":"ann@shop.example","receiver":"bob@soc.example","date":"2026-03-03T14:05:06Z",)"
      R"("subject":"row {0}","body":"the text of row {0}"}})",
      number);
}

std::string rows(int from, int to) {
  std::string all;
  for (int i = from; i < to; ++i) all += row(i) + "\n";
  return all;
}

class Events : public ::testing::Test {
 protected:
  testing::Answer post(std::string_view type, std::string_view body, std::string_view fields = "",
                       std::string_view target = "/v1/events/gateway") const {
    return service.ask("POST", target, service.token(Role::Sensor),
                       fmt::format("Content-Type: {}\r\n{}", type, fields), body);
  }
  Json status() const {
    return parse_json(service.ask("GET", "/v1/status", service.token(Role::Analyst)).body).value();
  }
  // Once nothing waits, the subjects of what was decided.
  std::set<std::string> decided() const {
    service.wait_for_empty_spool();
    const auto answer = service.ask("GET", "/v1/decisions?limit=500", service.token(Role::Analyst));
    const auto page = parse_json(answer.body).value();
    std::set<std::string> subjects;
    for (const auto& decision : page["decisions"].items())
      EXPECT_TRUE(subjects.insert(decision["subject"].as_string()).second) << "decided twice";
    return subjects;
  }
  std::uint64_t quarantined() const {
    return Quarantine::open(service.folder() / "soc/data/quarantine.db", Access::ReadOnly)
        .value()
        .count()
        .value();
  }
  RunningService service;
};

struct Body {
  const char* type;
  std::string text;
  int accepted;
  std::set<std::string> subjects;
};

TEST_F(Events, EveryKindOfBodyIsAcceptedAndDecided) {
  const Body bodies[] = {
      {"message/rfc822", mail(1), 1, {"mail 1"}},
      {"application/mbox",
       fmt::format("From a@b.example Tue Mar  3 14:05:06 2026\n{}\n"
                   "From a@b.example Tue Mar  3 14:05:06 2026\n{}\n",
                   mail(2), mail(3)),
       2,
       {"mail 2", "mail 3"}},
      {"application/x-ndjson; charset=utf-8", rows(4, 6) + "\n \n", 2, {"row 4", "row 5"}},
      {"application/json", fmt::format("[{},\n{}]", row(6), row(7)), 2, {"row 6", "row 7"}},
      {"application/json", "\n" + row(8), 1, {"row 8"}},
      {"text/csv", "subject,body\nrow 9,text\n\"row 10\",\"more\ntext\"\n", 2, {"row 9", "row 10"}},
  };
  std::set<std::string> wanted;
  for (const auto& body : bodies) {
    const auto answer = post(body.type, body.text);
    ASSERT_EQ(answer.status, 202) << body.type << answer.body;
    EXPECT_EQ(answer.body,
              fmt::format("{{\"accepted\":{},\"source\":\"gateway\"}}\n", body.accepted));
    wanted.insert(body.subjects.begin(), body.subjects.end());
  }
  EXPECT_EQ(decided(), wanted);
  EXPECT_EQ(quarantined(), 0U);
  const auto told = status();
  EXPECT_EQ(told["sources"][std::size_t{0}]["name"].as_string(), "gateway");
  EXPECT_EQ(told["mails"]["decided"].as_int(), static_cast<std::int64_t>(wanted.size()));
}

TEST_F(Events, PackedBodiesAreTheBodies) {
  EXPECT_EQ(
      post("application/x-ndjson", compress(rows(0, 300)), "Content-Encoding: zstd\r\n").status,
      202);
  EXPECT_EQ(decided().size(), 300U);
  EXPECT_EQ(post("application/x-ndjson", "none", "Content-Encoding: gzip\r\n").status, 400);
  EXPECT_EQ(post("application/x-ndjson", "none", "Content-Encoding: br\r\n").status, 415);
}

TEST_F(Events, WhatCannotBeUsedGoesToQuarantineWithItsBytes) {
  const auto answer = post("application/x-ndjson", row(1) + "\n{\"subject\":\nno json\n" + row(2));
  EXPECT_EQ(answer.body, "{\"accepted\":4,\"source\":\"gateway\"}\n");
  EXPECT_EQ(decided(), (std::set<std::string>{"row 1", "row 2"}));
  ASSERT_EQ(quarantined(), 2U);
  const auto quarantine =
      Quarantine::open(service.folder() / "soc/data/quarantine.db", Access::ReadOnly).value();
  const auto kept = quarantine.list({}, 0, 10).value();
  EXPECT_EQ(quarantine.read_raw(kept[1]).value(), "no json");
  EXPECT_EQ(kept[1].position.text(), "POST /v1/events/gateway, line 3");
  EXPECT_EQ(kept[1].source, "gateway");
}

TEST_F(Events, WhatIsNotWhatItSaysIsRefusedAtOnce) {
  struct Bad {
    const char* type;
    const char* body;
    int status;
  };
  for (const auto& bad :
       {Bad{"text/plain", "x", 415}, Bad{"application/x-ndjson", " \n\n", 400},
        Bad{"application/json", "[1", 400}, Bad{"application/json", "{}{}", 400},
        Bad{"application/json", "[]", 400}, Bad{"text/csv", "id,price\n1,2\n", 400},
        Bad{"text/csv", "subject,body\n", 400}}) {
    const auto answer = post(bad.type, bad.body);
    EXPECT_EQ(answer.status, bad.status) << bad.type << " " << bad.body << answer.body;
    EXPECT_EQ(answer.field("content-type"), "application/problem+json");
  }
  EXPECT_EQ(post("message/rfc822", mail(1), "", "/v1/events/%0A").status, 400);
  EXPECT_TRUE(decided().empty());
}

TEST_F(Events, TheSameRecordAgainIsKnown) {
  EXPECT_EQ(post("application/x-ndjson", rows(0, 5) + rows(0, 5)).status, 202);
  EXPECT_EQ(post("application/x-ndjson", rows(0, 5)).status, 202);
  EXPECT_EQ(decided().size(), 5U);
  const auto scored = service.score(mail(9));
  EXPECT_EQ(post("message/rfc822", mail(9)).status, 202);
  EXPECT_EQ(decided().size(), 6U) << "also one that was decided in another way";
  EXPECT_EQ(status()["mails"]["decided"].as_int(), 6);
}

TEST_F(Events, SynchronousScoringGoesOnBeside) {
  ASSERT_EQ(post("application/x-ndjson", rows(0, 3'000)).status, 202);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(service.score(mail(i)).status, 200);
  EXPECT_GT(status()["spool"]["records"].as_int(), 0) << "nobody waited for all of it";
}

TEST_F(Events, AFullDiskAcceptsNothingAndSaysSo) {
  set_write_fault([](std::string_view step, const Path& path) -> Status {
    if (step != "append" || path.string().find("/spool/") == std::string::npos) return {};
    return Error(Code::Exhausted, fmt::format("writing '{}' failed", path.string()));
  });
  const auto full = post("application/x-ndjson", rows(0, 5));
  set_write_fault({});
  EXPECT_EQ(full.status, 507);
  EXPECT_EQ(full.body.find(service.folder().string()), std::string::npos) << full.body;
  EXPECT_EQ(post("application/x-ndjson", rows(5, 8)).status, 202);
  EXPECT_EQ(decided(), (std::set<std::string>{"row 5", "row 6", "row 7"}));
}

TEST_F(Events, AFailedSyncIsToldAndTheSpoolIsOpenedAgain) {
  set_write_fault([](std::string_view step, const Path& path) -> Status {
    if (step != "sync" || path.string().find("/spool/") == std::string::npos) return {};
    return Error(Code::Unavailable, "the disk does not answer");
  });
  const auto failed = post("application/x-ndjson", rows(0, 5));
  set_write_fault({});
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(post("application/x-ndjson", rows(5, 8)).status, 202);
  EXPECT_EQ(decided(), (std::set<std::string>{"row 5", "row 6", "row 7"}));
}

TEST_F(Events, WhatWasAcceptedIsDecidedThoughTheScorerFailsMeanwhile) {
  std::atomic<bool> failed = false;
  set_write_fault([&](std::string_view step, const Path& path) -> Status {
    if (step != "append" || path.string().find("/events/") == std::string::npos) return {};
    failed = true;
    return Error(Code::Exhausted, "no space left on device");
  });
  EXPECT_EQ(post("application/x-ndjson", rows(0, 5)).status, 202);
  testing::wait_until([&] { return failed.load(); });
  EXPECT_EQ(status()["spool"]["records"].as_int(), 5);
  set_write_fault({});
  EXPECT_EQ(decided().size(), 5U);
}

TEST_F(Events, WhatWaitsSurvivesAStopAndIsDecidedOnce) {
  ASSERT_EQ(post("application/x-ndjson", rows(0, 400)).status, 202);
  service.restart();
  EXPECT_EQ(decided().size(), 400U);
  service.restart();
  EXPECT_EQ(decided().size(), 400U);
}

TEST(EventsWithoutAChampion, WaitUntilOneIsPromoted) {
  RunningService service({}, RunningService::Champion::None);
  const auto post = service.ask("POST", "/v1/events/log", service.token(Role::Sensor),
                                "Content-Type: application/x-ndjson\r\n", rows(0, 3));
  EXPECT_EQ(post.status, 202) << post.body;
  const auto told = parse_json(service.ask("GET", "/v1/status", service.token(Role::Analyst)).body)
                        .value()["spool"];
  EXPECT_EQ(told["deliveries"].as_int(), 1);
  EXPECT_EQ(told["records"].as_int(), 3);
  EXPECT_EQ(told["oldest_at"].as_string(), RunningService::kNow.text());
  EXPECT_FALSE(told["late"].as_bool());
  const auto metrics = service.ask("GET", "/metrics", service.token(Role::Sensor)).body;
  EXPECT_NE(metrics.find("winnow_spool_waiting_records 3\n"), std::string::npos);
  EXPECT_NE(metrics.find("winnow_spool_accepted_total 3\n"), std::string::npos);
}

Json status_of(const RunningService& service) {
  return parse_json(service.ask("GET", "/v1/status", service.token(Role::Analyst)).body).value();
}

TEST(Sources, TellHowFarWhatIsDecidedLiesBehind) {
  RunningService service({}, RunningService::Champion::None);
  const auto post = [&](std::string_view source, int from, int to) {
    service.ask("POST", fmt::format("/v1/events/{}", source), service.token(Role::Sensor),
                "Content-Type: application/x-ndjson\r\n", rows(from, to));
  };
  post("gateway", 0, 3);
  post("archive", 3, 5);
  const auto expect_waiting = [&](const Json& source, std::string_view name, int records) {
    EXPECT_EQ(source["name"].as_string(), name);
    EXPECT_EQ(source["waiting"].as_int(), records);
    EXPECT_LT(source["lag_seconds"].as_int(), 60) << "RunningService's clock does not count";
    EXPECT_TRUE(source["event_lag_seconds"].is_null());
  };
  for (int restarted = 0; restarted < 2; ++restarted) {
    const auto sources = status_of(service)["sources"];
    ASSERT_EQ(sources.size(), 2U) << restarted;
    expect_waiting(sources[std::size_t{0}], "archive", 2);
    expect_waiting(sources[std::size_t{1}], "gateway", 3);
    EXPECT_FALSE(sources[std::size_t{0}]["last_at"].is_null()) << restarted;
    const auto metrics = service.ask("GET", "/metrics", service.token(Role::Sensor)).body;
    EXPECT_NE(metrics.find("winnow_source_waiting_records{source=\"gateway\"} 3\n"),
              std::string::npos);
    EXPECT_EQ(metrics.find("winnow_source_event_lag_seconds{"), std::string::npos);
    EXPECT_NE(metrics.find("winnow_source_last_seconds{"), std::string::npos) << restarted;
    service.restart();
  }
  service.restart(RunningService::Champion::Small);
  service.wait_for_empty_spool();
  const auto decided = status_of(service);
  for (const auto& source : decided["sources"].items()) {
    EXPECT_EQ(source["waiting"].as_int(), 0);
    EXPECT_EQ(source["lag_seconds"].as_int(), 0);
    // From the rows' date to RunningService's clock.
    EXPECT_EQ(source["event_lag_seconds"].as_int(), 18 * 3600 + 54 * 60 + 54);
  }
}

TEST(EventsBeyondTheSpool, AreRefusedUntilThereIsRoom) {
  const RunningService service({.spool = {.max_bytes = 100'000, .segment_bytes = 10'000}},
                               RunningService::Champion::None);
  const auto post = [&](int from) {
    return service.ask("POST", "/v1/events/log", service.token(Role::Sensor),
                       "Content-Type: application/x-ndjson\r\n", rows(from, from + 50));
  };
  int accepted = 0;
  while (post(accepted * 50).status == 202) ++accepted;
  EXPECT_GT(accepted, 5);
  const auto refused = post(0);
  EXPECT_EQ(refused.status, 507);
  EXPECT_EQ(refused.field("content-type"), "application/problem+json");
  const auto told = parse_json(service.ask("GET", "/v1/status", service.token(Role::Analyst)).body)
                        .value()["spool"];
  EXPECT_EQ(told["records"].as_int(), accepted * 50);
  EXPECT_LE(told["file_bytes"].as_int(), 100'000);
}

}  // namespace
}  // namespace winnow::server
