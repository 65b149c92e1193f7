// Mail in, decisions out: bodies, batches, pages, faults.
#include <atomic>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/json.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "store/compress.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using testing::raw_of;
using testing::RunningService;

std::string mail(int number, int links = 0) {
  return raw_of({.links = links, .subject = fmt::format("mail {}", number)});
}

Json json_of(const testing::Answer& answer) { return parse_json(answer.body).value(); }

class Scoring : public ::testing::Test {
 protected:
  testing::Answer list(std::string_view query) const {
    return service.ask("GET", fmt::format("/v1/decisions{}", query), service.token(Role::Analyst));
  }
  std::uint64_t events() {
    service.service().drain(std::chrono::seconds(5));
    return EventLog::open(service.folder() / "soc/data/events", Access::ReadOnly)
        .value()
        .count({})
        .value();
  }
  RunningService service;
};

TEST_F(Scoring, AMailIsStoredAndDecided) {
  const auto answer = service.score(mail(1, 3));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto decision = json_of(answer);
  EXPECT_EQ(decision["route"].as_string(), "escalate");
  EXPECT_EQ(decision["event"].as_string(), sha256(mail(1, 3)).hex());
  EXPECT_EQ(decision["subject"].as_string(), "mail 1");
  EXPECT_FALSE(decision["reasons"].items().empty());
  const auto found = service.ask("GET", "/v1/decisions/" + decision["id"].as_string(),
                                 service.token(Role::Analyst));
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.body, answer.body);
}

TEST_F(Scoring, TheSameMailAgainGetsTheSameDecision) {
  const auto first = service.score(mail(1, 2));
  service.score(mail(2));
  EXPECT_EQ(service.score(mail(1, 2)).body, first.body);
  service.restart();
  EXPECT_EQ(service.score(mail(1, 2)).body, first.body);
  EXPECT_EQ(events(), 2U);
}

TEST_F(Scoring, WhatIsNoMailIsQuarantinedAndTold) {
  const auto answer = service.score(" \r\n");
  EXPECT_EQ(answer.status, 422);
  EXPECT_NE(json_of(answer)["detail"].as_string().find("empty"), std::string::npos) << answer.body;
  EXPECT_EQ(service.score(mail(1)).status, 200);
  EXPECT_EQ(Quarantine::open(service.folder() / "soc/data/quarantine.db", Access::ReadOnly)
                .value()
                .count()
                .value(),
            1U);
}

TEST_F(Scoring, PackedMailIsTheMail) {
  const auto answer = service.score(compress(mail(1, 1)), "Content-Encoding: zstd\r\n");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, service.score(mail(1, 1)).body);
}

TEST_F(Scoring, GzippedMailIsTheMail) {
  // Made by Python's gzip module of `plain`.
  static constexpr unsigned char kPacked[] = {
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0x73, 0x2b, 0xca, 0xcf, 0xb5,
      0x52, 0x48, 0xcc, 0xcb, 0x73, 0x28, 0xce, 0xc8, 0x2f, 0xd0, 0x4b, 0xad, 0x48, 0xcc, 0x2d,
      0xc8, 0x49, 0xe5, 0x0a, 0x2e, 0x4d, 0xca, 0x4a, 0x4d, 0x2e, 0xb1, 0x52, 0x28, 0x48, 0x4c,
      0xce, 0x4e, 0x4d, 0xe1, 0x72, 0x49, 0x2c, 0x49, 0xb5, 0x52, 0x08, 0x29, 0x4d, 0xd5, 0x51,
      0x30, 0x56, 0xf0, 0x4d, 0x2c, 0x52, 0x30, 0x32, 0x30, 0x32, 0x53, 0x30, 0x34, 0xb1, 0x32,
      0x30, 0xb5, 0x32, 0x30, 0x53, 0xd0, 0x36, 0x00, 0x02, 0x2e, 0xae, 0x8c, 0xd4, 0x9c, 0x9c,
      0x7c, 0x05, 0x0c, 0x92, 0x0b, 0x00, 0x04, 0x33, 0xdc, 0x3c, 0x65, 0x00, 0x00, 0x00};
  const std::string plain =
      "From: ann@shop.example\nSubject: packed\nDate: Tue, 3 Mar 2026 14:05:06 +0000\n\n"
      "hello hello hello hello\n";
  const std::string packed(std::begin(kPacked), std::end(kPacked));
  const auto answer = service.score(packed, "Content-Encoding: gzip\r\n");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json_of(answer)["event"].as_string(), sha256(plain).hex());
  EXPECT_EQ(service.score(packed.substr(0, packed.size() - 9), "Content-Encoding: gzip\r\n").status,
            400)
      << "cut off";
}

TEST_F(Scoring, BombsAndUnknownCodingsAreRefused) {
  const auto status = [&](std::string_view body, std::string_view coding) {
    return service.score(body, fmt::format("Content-Encoding: {}\r\n", coding)).status;
  };
  EXPECT_EQ(status(compress(std::string(60UL << 20, 'a')), "zstd"), 413);
  EXPECT_EQ(status(compress(std::string(20UL << 20, 'a')), "zstd"), 413) << "the ratio";
  EXPECT_EQ(status("no gzip", "gzip"), 400);
  EXPECT_EQ(status(mail(1), "br"), 415);
  EXPECT_EQ(status(mail(1), "gzip, gzip"), 415);
  EXPECT_EQ(service
                .ask("POST", "/v1/score/mail", service.token(Role::Sensor),
                     "Content-Type: text/plain\r\n", mail(1))
                .status,
            415);
  EXPECT_EQ(events(), 0U);
}

TEST_F(Scoring, TheSourceIsTheTokensNameOrWhatTheClientSays) {
  service.score(mail(1));
  const auto named =
      service.ask("POST", "/v1/score/mail?source=gate%207", service.token(Role::Sensor),
                  "Content-Type: message/rfc822\r\n", mail(2));
  EXPECT_EQ(named.status, 200) << named.body;
  EXPECT_EQ(service
                .ask("POST", "/v1/score/mail?source=%0A", service.token(Role::Sensor),
                     "Content-Type: message/rfc822\r\n", mail(3))
                .status,
            400);
  service.service().drain(std::chrono::seconds(5));
  const auto log = EventLog::open(service.folder() / "soc/data/events", Access::ReadOnly).value();
  EXPECT_EQ(log.find(sha256(mail(1)).hex())->source, "sensor");
  EXPECT_EQ(log.find(sha256(mail(2)).hex())->source, "gate 7");
}

TEST_F(Scoring, ManyAtOnceAreEachAnsweredWithTheirOwn) {
  std::atomic<int> well{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      for (int i = 0; i < 10; ++i) {
        const auto raw = mail(c * 100 + i);
        const auto answer = service.score(raw);
        well += answer.status == 200 && json_of(answer)["event"].as_string() == sha256(raw).hex();
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(well, 80);
  EXPECT_EQ(events(), 80U);
}

TEST_F(Scoring, DrainingAnswersWhatWasAccepted) {
  std::vector<std::unique_ptr<testing::Client>> clients;
  for (int c = 0; c < 20; ++c) {
    const auto body = mail(c);
    clients.push_back(std::make_unique<testing::Client>(service.port()));
    clients.back()->send(
        fmt::format("POST /v1/score/mail HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"
                    "Content-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n{}",
                    service.token(Role::Sensor), body.size(), body));
  }
  EXPECT_EQ(clients.front()->read_answer().status, 200);
  const auto stored = events();  // drains
  std::uint64_t answered = 1;
  for (std::size_t c = 1; c < clients.size(); ++c)
    answered += clients[c]->read_answer().status == 200 ? 1 : 0;
  EXPECT_EQ(answered, stored) << "what was accepted is answered, what was not is not stored";
}

TEST_F(Scoring, DecisionsComeInPages) {
  std::set<std::string> made;
  for (int i = 0; i < 7; ++i)
    made.insert(json_of(service.score(mail(i, i % 2 * 3)))["id"].as_string());
  std::set<std::string> listed;
  std::string cursor;
  int pages = 0;
  do {
    const auto page = json_of(list("?limit=3" + (cursor.empty() ? "" : "&cursor=" + cursor)));
    for (const auto& decision : page["decisions"].items())
      EXPECT_TRUE(listed.insert(decision["id"].as_string()).second);
    cursor = page["next"].as_string();
    ++pages;
  } while (!cursor.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(listed, made);
  EXPECT_EQ(json_of(list("?route=escalate"))["decisions"].size(), 3U);
  EXPECT_EQ(json_of(list("?sender=shop.example"))["decisions"].size(), 7U);
  EXPECT_EQ(json_of(list("?since=2026-03-05T00:00:00Z"))["decisions"].size(), 0U);
  for (const auto* bad : {"?limit=0", "?limit=501", "?limit=x", "?cursor=x", "?since=yesterday",
                          "?route=none", "?limit=1&limit=2", "?sender=%FF", "?unknown=1"}) {
    EXPECT_EQ(list(bad).status, 400) << bad;
  }
}

TEST_F(Scoring, ADecisionThatIsKnownIsNotSentAgain) {
  const auto id = json_of(service.score(mail(1)))["id"].as_string();
  const auto get = [&](std::string_view target, std::string_view fields = "") {
    return service.ask("GET", fmt::format("/v1/decisions/{}", target), service.token(Role::Analyst),
                       fields);
  };
  const auto tag = get(id).field("etag");
  EXPECT_EQ(tag, fmt::format("\"{}\"", id.substr(2)));
  EXPECT_EQ(get(id, fmt::format("If-None-Match: W/\"x\", {}\r\n", tag)).status, 304);
  EXPECT_EQ(get(id, "If-None-Match: \"x\"\r\n").status, 200);
  EXPECT_EQ(get(id.substr(0, 14)).status, 200);
  EXPECT_EQ(get("d-" + std::string(64, '0')).status, 404);
  EXPECT_EQ(get("..%2F..%2Fetc").status, 400);
}

TEST_F(Scoring, AFullDiskIsToldAndOverOnceThereIsRoom) {
  ASSERT_EQ(service.score(mail(1)).status, 200);
  set_write_fault([](std::string_view step, const Path& path) -> Status {
    if (step != "append") return {};
    return Error(Code::Exhausted, fmt::format("writing '{}' failed", path.string()));
  });
  const auto full = service.score(mail(2));
  set_write_fault({});
  EXPECT_EQ(full.status, 507);
  EXPECT_EQ(full.body.find(service.folder().string()), std::string::npos) << full.body;
  EXPECT_EQ(service.score(mail(2)).status, 200);
  EXPECT_EQ(events(), 2U);
}

TEST_F(Scoring, AFailedSyncIsToldAndTheLogIsOpenedAgain) {
  ASSERT_EQ(service.score(mail(1)).status, 200);
  set_write_fault([](std::string_view step, const Path&) -> Status {
    if (step != "sync") return {};
    return Error(Code::Unavailable, "the disk does not answer");
  });
  EXPECT_EQ(service.score(mail(2)).status, 503);
  set_write_fault({});
  EXPECT_EQ(service.score(mail(2)).status, 200);
  EXPECT_EQ(events(), 2U);
}

}  // namespace
}  // namespace winnow::server
