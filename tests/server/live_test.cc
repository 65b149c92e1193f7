// Watching: streams over HTTP, and the status.
#include "server/threads/live.h"

#include <fmt/format.h>

#include "base/json.h"
#include "ocsf/domain.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using testing::Client;
using testing::RunningService;

constexpr auto kPatience = 30s;  // with what certainly comes

class Watching : public ::testing::Test {
 protected:
  // A client that watches, its answer's head read.
  std::unique_ptr<Client> watcher(std::string_view token) {
    auto client = std::make_unique<Client>(service.port());
    client->send(fmt::format(
        "GET /v1/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", token));
    const auto head = client->read_until("\r\n\r\n", kPatience);
    EXPECT_NE(head.find("content-type: text/event-stream\r\n"), std::string::npos) << head;
    EXPECT_NE(head.find("content-security-policy: "), std::string::npos) << head;
    return client;
  }
  Live& live() { return service.service().live(); }
  RunningService service;
};

TEST_F(Watching, AllWhoWatchAreTold) {
  const auto one = watcher(service.token(Role::Analyst)),
             two = watcher(service.token(Role::Auditor));
  live().tell("case", "c-1", R"({"id":"c-1","version":2})");
  for (const auto& client : {one.get(), two.get()})
    EXPECT_EQ(client->read_until("\n\n", kPatience),
              "event: case\ndata: {\"id\":\"c-1\",\"version\":2}\n\n");
}

TEST_F(Watching, WhatComesFastIsToldOnceAndAsItIsThen) {
  const auto client = watcher(service.token(Role::Analyst));
  live().tell("queue", "", "0");
  EXPECT_EQ(client->read_until("\n\n", kPatience), "event: queue\ndata: 0\n\n");
  for (int i = 1; i <= 100; ++i) live().tell("queue", "", std::to_string(i));
  EXPECT_EQ(client->read_until("\n\n", kPatience), "event: queue\ndata: 100\n\n");
}

TEST_F(Watching, WhoMissesTooMuchIsToldToBeginAgain) {
  const auto client = watcher(service.token(Role::Analyst));
  live().tell("case", "first", "{}");
  client->read_until("\n\n", kPatience);
  for (std::size_t i = 0; i <= Live::kMostNews; ++i) live().tell("case", std::to_string(i), "{}");
  EXPECT_EQ(client->read_until("\n\n", kPatience), "event: resync\ndata: {}\n\n");
}

TEST_F(Watching, ARevokedTokenWatchesNoMore) {
  const auto admin = service.token(Role::Admin);
  const auto gone = watcher(service.token(Role::Analyst)), other = watcher(admin);
  ASSERT_EQ(service.ask("DELETE", "/v1/tokens/analyst", admin).status, 200);
  live().tell("case", "c-1", "secret");
  EXPECT_EQ(other->read_until("\n\n", kPatience), "event: case\ndata: secret\n\n");
  EXPECT_EQ(gone->read_until("\n\n", kPatience), "");
  EXPECT_TRUE(gone->is_closed());
}

TEST_F(Watching, HundredsMayAndTheyEndWithTheServer) {
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < 300; ++i) clients.push_back(watcher(service.token(Role::Analyst)));
  live().tell("case", "c-1", "{}");
  for (const auto& client : clients)
    EXPECT_EQ(client->read_until("\n\n", kPatience), "event: case\ndata: {}\n\n");
  service.service().drain(5s);
  for (const auto& client : clients) EXPECT_TRUE(client->is_closed());
}

TEST_F(Watching, HeadIsAnswered) {
  EXPECT_EQ(service.ask("HEAD", "/v1/stream", service.token(Role::Analyst)).status, 200);
}

TEST_F(Watching, TheStatusSaysWhatWasDone) {
  for (int i = 0; i < 3; ++i)
    service.score(fmt::format("From: a@b.example\nSubject: x {}\n\nx\n", i));
  service.score("");
  const auto answer = service.ask("GET", "/v1/status", service.token(Role::Engineer));
  ASSERT_EQ(answer.status, 200);
  const auto status = parse_json(answer.body).value();
  EXPECT_TRUE(status["ready"].as_bool());
  EXPECT_EQ(status["mails"]["decided"].as_int(), 3);
  EXPECT_GT(status["mails"]["p99_ms"].as_double(), 0);
  ASSERT_EQ(status["domains"].size(), kDomains.size());
  const auto& mail = status["domains"][std::size_t{0}];
  EXPECT_TRUE(mail["champion"]["bundle"].as_string().starts_with("b-"));
  EXPECT_EQ(mail["decided"].as_int(), 3);
  EXPECT_EQ(mail["last_hour"].as_int(), 3);
  EXPECT_TRUE(status["domains"][1]["champion"].is_null());
  ASSERT_EQ(status["sources"].size(), 1U);
  EXPECT_EQ(status["sources"][0]["name"].as_string(), "sensor");
  EXPECT_EQ(status["sources"][0]["mails"].as_int(), 3);
  EXPECT_EQ(status["sources"][0]["quarantined"].as_int(), 1);
  EXPECT_GT(status["storage"]["bytes"].as_int(), 0);
  EXPECT_GT(status["storage"]["free_bytes"].as_int(), 0);
  EXPECT_GT(status["memory_bytes"].as_int(), 1 << 20);
  EXPECT_EQ(status["series"]["decided"].size(), 60U);
  EXPECT_EQ(status["series"]["decided"][59][1].as_int(), 3);
  EXPECT_EQ(status["series"]["by_route"].size(), 4U);
}

TEST(StatusWithoutChampion, SaysSo) {
  const RunningService service({}, RunningService::Champion::None);
  const auto status =
      parse_json(service.ask("GET", "/v1/status", service.token(Role::Analyst)).body).value();
  EXPECT_FALSE(status["ready"].as_bool());
  for (const auto& domain : status["domains"].items()) EXPECT_TRUE(domain["champion"].is_null());
  EXPECT_TRUE(status["mails"]["p50_ms"].is_null());
}

}  // namespace
}  // namespace winnow::server
