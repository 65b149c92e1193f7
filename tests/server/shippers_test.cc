// What already ships to Splunk or Elasticsearch ships here: their requests, their answers.
#include <set>
#include <thread>

#include <fmt/format.h>

#include "base/digest.h"
#include "base/json.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "server/splunk_acks.h"
#include "store/compress.h"
#include "tests/pipeline/small_bundle.h"
#include "tests/server/running_service.h"

namespace winnow::server {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::RunningService;

class Shippers : public ::testing::Test {
 protected:
  Answer send(std::string_view target, std::string_view body, std::string_view fields) const {
    return service.ask("POST", target, "", fields, body);
  }
  const std::string& token() const { return service.token(Role::Sensor); }
  // Once nothing waits: source and subject of what was decided.
  std::set<std::string> decided() {
    service.wait_for_empty_spool();
    const auto answer = service.ask("GET", "/v1/decisions?limit=500", service.token(Role::Analyst));
    const auto page = parse_json(answer.body).value();
    const auto log = EventLog::open(service.folder() / "soc/data/events", Access::ReadOnly).value();
    std::set<std::string> found;
    for (const auto& decision : page["decisions"].items()) {
      const auto event = log.find(decision["event"].as_string()).value();
      found.insert(fmt::format("{}: {} {}", event.source, decision["subject"].as_string(),
                               event.event_time.date()));
    }
    return found;
  }
  RunningService service;
};

class Splunk : public Shippers {
 protected:
  Answer event(std::string_view body) const {
    return send("/services/collector/event", body,
                fmt::format("Authorization: Splunk {}\r\n", token()));
  }
};

constexpr std::string_view kSuccess = "{\"text\":\"Success\",\"code\":0}\n";

TEST_F(Splunk, EventsOfEveryKindAreAcceptedAndDecided) {
  const auto answer = event(
      R"({"event":{"subject":"a row","body":"x"},"source":"gate","time":1772500000})"
      R"({"event":"{\"subject\":\"a text\",\"body\":\"x\"}","host":"mx1","time":"1772500000.25"})"
      "\n"
      R"({"event":"From: a@b.example\nSubject: a mail\nDate: Tue, 3 Mar 2026 14:05:06 +0000\n\nx"})"
      R"({"event":"neither","source":"gate"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, kSuccess);
  EXPECT_EQ(decided(), (std::set<std::string>{"gate: a row 2026-03-03", "mx1: a text 2026-03-03",
                                              "sensor: a mail 2026-03-03"}));
  const auto kept = Quarantine::open(service.folder() / "soc/data/quarantine.db", Access::ReadOnly)
                        .value()
                        .list({}, 0, 10)
                        .value();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_EQ(kept[0].problem.kind, ProblemKind::UnknownFormat);
}

struct Wrong {
  const char* body;
  const char* answer;
};

TEST_F(Splunk, WhatIsWrongHasItsCodeAndNothingOfItIsAccepted) {
  constexpr std::string_view kGood = R"({"event":{"subject":"good","body":"x"}})";
  for (const auto& wrong :
       {Wrong{"", R"({"text":"No data","code":5})"},
        Wrong{"x", R"({"text":"Invalid data format","code":6,"invalid-event-number":1})"},
        Wrong{"{", R"({"text":"Invalid data format","code":6})"},
        Wrong{R"({"time":1})",
              R"({"text":"Event field is required","code":12,"invalid-event-number":1})"},
        Wrong{R"({"event":""})",
              R"({"text":"Event field cannot be blank","code":13,"invalid-event-number":1})"}}) {
    const auto answer = event(*wrong.body == 0 ? " " : std::string(kGood) + wrong.body);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.body, wrong.answer + std::string("\n")) << wrong.body;
  }
  EXPECT_TRUE(decided().empty());
}

TEST_F(Splunk, TokensComeAsItsClientsSendThem) {
  const auto status = [&](const std::string& authorization) {
    const auto answer =
        send("/services/collector", R"({"event":{"subject":"s","body":"x"}})",
             authorization.empty() ? "" : "Authorization: " + authorization + "\r\n");
    return fmt::format("{} {}", answer.status, parse_json(answer.body).value()["code"].as_int());
  };
  EXPECT_EQ(status("Splunk " + token()), "200 0");
  EXPECT_EQ(status("Basic " + to_base64("x:" + token())), "200 0");
  EXPECT_EQ(status(""), "401 2");
  EXPECT_EQ(status("Digest x"), "401 3");
  EXPECT_EQ(status("Splunk B5A79AAD-D822-46CC-80D1-819F80D7BFB0"), "403 4");
  EXPECT_EQ(status("Splunk " + service.token(Role::Analyst)), "403 4");
}

TEST_F(Splunk, RawBodiesAreRecognised) {
  const auto raw = [&](std::string_view query, std::string_view body) {
    return send(fmt::format("/services/collector/raw{}", query), body,
                fmt::format("Authorization: Splunk {}\r\n", token()));
  };
  EXPECT_EQ(raw("?source=gate&sourcetype=x", "Subject: raw\nFrom: a@b.example\n\nx\n").body,
            kSuccess);
  EXPECT_EQ(raw("?time=1772500000", "{\"subject\":\"one\",\"body\":\"x\"}\n").body, kSuccess);
  EXPECT_EQ(raw("", "subject,body\ncell,text\n").body, kSuccess);
  EXPECT_EQ(raw("", "Mar  3 mx1 postfix: a log line\n").body, kSuccess) << "for quarantine";
  EXPECT_EQ(raw("", " ").status, 400);
  EXPECT_EQ(decided().size(), 3U);
}

TEST_F(Splunk, ManySmallRecordsAreNotMadeMuchByTheirEnvelopes) {
  std::string body;
  while (body.size() < (3UL << 20)) body += "{}\n";
  const auto answer = send("/services/collector/raw?host=" + std::string(300, 'h'), body,
                           fmt::format("Authorization: Splunk {}\r\n", token()));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, R"({"text":"Request entity too large","code":27})"
                         "\n");
}

TEST_F(Splunk, PackedAndAskedForItsHealth) {
  const auto body = compress(R"({"event":{"subject":"packed","body":"x"}})");
  EXPECT_EQ(send("/services/collector/event/1.0", body,
                 fmt::format("Authorization: Splunk {}\r\nContent-Encoding: zstd\r\n", token()))
                .body,
            kSuccess);
  EXPECT_EQ(service.ask("GET", "/services/collector/health", "").body,
            "{\"text\":\"HEC is healthy\",\"code\":17}\n");
}

constexpr std::string_view kOne = "FE0ECFAD-13D5-401B-847D-77833BD77131",
                           kOther = "00000000-0000-4000-8000-00000000abcd";

class SplunkAcknowledgements : public Splunk {
 protected:
  // On the channel, where there is one, in the field or, with `in_query`, behind the path.
  Answer ask(std::string_view target, std::string_view channel, std::string_view body,
             bool in_query = false, std::string_view token = "") const {
    auto fields =
        fmt::format("Authorization: Splunk {}\r\n", token.empty() ? this->token() : token);
    if (!channel.empty() && !in_query)
      fields += fmt::format("X-Splunk-Request-Channel: {}\r\n", channel);
    const auto query = in_query ? fmt::format("?index=x&channel={}", channel) : std::string();
    return send(fmt::format("/services/collector{}{}", target, query), body, fields);
  }
  std::string acks(std::string_view channel, std::string_view numbers,
                   std::string_view token = "") {
    return ask("/ack", channel, fmt::format("{{\"acks\":[{}]}}", numbers), false, token).body;
  }
  static constexpr std::string_view kEvent = R"({"event":{"subject":"s","body":"x"}})";
};

TEST_F(SplunkAcknowledgements, WhatWasAnsweredOnAChannelIsSafe) {
  EXPECT_EQ(ask("/event", kOne, kEvent).body, "{\"text\":\"Success\",\"code\":0,\"ackId\":0}\n");
  EXPECT_EQ(ask("", kOne, kEvent, true).body, "{\"text\":\"Success\",\"code\":0,\"ackId\":1}\n");
  EXPECT_EQ(ask("/raw", kOne, "{\"subject\":\"one\",\"body\":\"x\"}\n").body,
            "{\"text\":\"Success\",\"code\":0,\"ackId\":2}\n");
  EXPECT_EQ(ask("/event", kOther, kEvent).body, "{\"text\":\"Success\",\"code\":0,\"ackId\":0}\n")
      << "each channel counts for itself";
  EXPECT_EQ(ask("/event", "", kEvent).body, kSuccess) << "who names no channel asks for nothing";
  EXPECT_EQ(acks(kOne, "2,0,1,3,9223372036854775807,2"),
            "{\"acks\":{\"0\":true,\"1\":true,\"2\":true,\"3\":false,"
            "\"9223372036854775807\":false}}\n");
  EXPECT_EQ(acks(kOne, "0.0"), "{\"acks\":{\"0\":true}}\n");
  EXPECT_EQ(acks(kOne, "0"), "{\"acks\":{\"0\":true}}\n") << "also when an answer was lost";
  EXPECT_EQ(acks("fe0ecfad-13d5-401b-847d-77833bd77131", "0"), "{\"acks\":{\"0\":true}}\n");
  EXPECT_EQ(acks("FE0ECFAD-13D5-401B-847D-000000000000", "0"), "{\"acks\":{\"0\":false}}\n");
  EXPECT_EQ(ask("/ack", kOne, "{\"acks\":[]}", true).body, "{\"acks\":{}}\n");
}

TEST_F(SplunkAcknowledgements, AreForWhoWasAnswered) {
  const auto made = parse_json(service
                                   .ask("POST", "/v1/tokens", service.token(Role::Admin),
                                        "Content-Type: application/json\r\n",
                                        R"({"name":"another","role":"sensor"})")
                                   .body)
                        .value()["token"]
                        .as_string();
  ask("/event", kOne, kEvent);
  EXPECT_EQ(acks(kOne, "0", made), "{\"acks\":{\"0\":false}}\n");
  EXPECT_EQ(acks(kOne, "0", "none"), "{\"text\":\"Invalid token\",\"code\":4}\n");
  EXPECT_EQ(acks(kOne, "0", service.token(Role::Analyst)),
            "{\"text\":\"Invalid token\",\"code\":4}\n");
}

TEST_F(SplunkAcknowledgements, AreRefusedAsSplunkRefusesThem) {
  const std::string missing = "{\"text\":\"Data channel is missing\",\"code\":10}\n",
                    invalid = "{\"text\":\"Invalid data channel\",\"code\":11}\n",
                    no_data = "{\"text\":\"No data\",\"code\":5}\n",
                    format = "{\"text\":\"Invalid data format\",\"code\":6}\n";
  EXPECT_EQ(ask("/ack", "", "{\"acks\":[0]}").body, missing);
  for (const auto* channel :
       {"x", "FE0ECFAD-13D5-401B-847D-77833BD7713", "FE0ECFAD-13D5-401B-847D-77833BD77131F",
        "GE0ECFAD-13D5-401B-847D-77833BD77131", "FE0ECFAD_13D5_401B_847D_77833BD77131"}) {
    EXPECT_EQ(ask("/ack", channel, "{\"acks\":[0]}").body, invalid) << channel;
    EXPECT_EQ(ask("/event", channel, kEvent).body, invalid) << channel;
    EXPECT_EQ(ask("/raw", channel, "{\"subject\":\"s\"}", true).body, invalid) << channel;
  }
  EXPECT_EQ(ask("/event", "", kEvent, true).body, invalid) << "one that is empty is none";
  EXPECT_EQ(ask("/ack", kOne, " ").body, no_data);
  for (const auto* body :
       {"[0]", "{}", "{\"acks\":0}", "{\"acks\":[\"0\"]}", "{\"acks\":[0.5]}", "{\"acks\":[-1]}",
        "{\"acks\":[9223372036854775808]}", "{\"acks\":[0]", "acks"})
    EXPECT_EQ(ask("/ack", kOne, body).body, format) << body;
  EXPECT_EQ(ask("/event", kOne, "{}").status, 400);
  EXPECT_EQ(ask("/event", kOne, kEvent).body, "{\"text\":\"Success\",\"code\":0,\"ackId\":0}\n")
      << "what was refused has no number";
  EXPECT_TRUE(decided().contains("sensor: s 2026-03-04"));
}

TEST_F(SplunkAcknowledgements, WhatIsNotOnDiskHasNoNumber) {
  set_write_fault([](std::string_view step, const Path& path) -> Status {
    if (step != "append" || path.string().find("/spool/") == std::string::npos) return {};
    return Error(Code::Exhausted, "no space left on device");
  });
  EXPECT_EQ(ask("/event", kOne, kEvent).body, "{\"text\":\"Server is busy\",\"code\":9}\n");
  set_write_fault({});
  EXPECT_EQ(acks(kOne, "0"), "{\"acks\":{\"0\":false}}\n");
  EXPECT_EQ(ask("/event", kOne, kEvent).body, "{\"text\":\"Success\",\"code\":0,\"ackId\":0}\n");
}

TEST(SplunkAcks, KnowTheChannelsUsedLast) {
  SplunkAcks acks(2);
  EXPECT_EQ(acks.give("t", "a"), 0);
  EXPECT_EQ(acks.give("t", "b"), 0);
  EXPECT_EQ(acks.given("t", "a"), 1) << "asking is using";
  EXPECT_EQ(acks.give("t", "c"), 0);
  EXPECT_EQ(acks.given("t", "b"), 0);
  EXPECT_EQ(acks.given("t", "a"), 1);
  EXPECT_EQ(acks.given("u", "a"), 0);
  EXPECT_EQ(acks.give("t", "b"), 0) << "from the start: nobody waits for its old numbers";
  EXPECT_EQ(acks.given("t", "c"), 0);
}

TEST(SplunkBeyondTheSpool, IsToldThatTheServerIsBusy) {
  const RunningService service({.spool = {.max_bytes = 40'000, .segment_bytes = 10'000}},
                               RunningService::Champion::None);
  const auto event = [&](int number) {
    return service.ask("POST", "/services/collector", service.token(Role::Sensor), "",
                       fmt::format(R"({{"event":{{"subject":"{}","body":"{}"}}}})", number,
                                   std::string(5000, 'x')));
  };
  int number = 0;
  while (event(number).status == 200) ++number;
  EXPECT_GT(number, 3);
  EXPECT_EQ(event(0).body, "{\"text\":\"Server is busy\",\"code\":9}\n");
  EXPECT_EQ(event(0).status, 503);
}

class Elastic : public Shippers {
 protected:
  Answer bulk(std::string_view target, std::string_view body) const {
    return send(target, body,
                fmt::format("Authorization: ApiKey {}\r\nContent-Type: application/x-ndjson\r\n",
                            to_base64("winnow:" + token())));
  }
};

TEST_F(Elastic, EachItemHasItsAnswer) {
  const auto answer =
      bulk("/mails/_bulk",
           "{\"create\":{}}\n"
           "{\"subject\":\"one\",\"body\":\"x\",\"@timestamp\":\"2026-03-02T10:00:00Z\"}\n"
           "{\"index\":{\"_index\":\"other\",\"_id\":\"7\"}}\n"
           "{\"subject\":\"two\",\"body\":\"x\"}\n"
           "{\"delete\":{\"_id\":\"7\"}}\n"
           "{\"index\":{}}\nno document\n");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.field("x-elastic-product"), "Elasticsearch");
  const auto told = parse_json(answer.body).value();
  EXPECT_TRUE(told["errors"].as_bool());
  const auto item = [&](std::size_t i) { return told["items"][i].members().front(); };
  ASSERT_EQ(told["items"].size(), 4U);
  EXPECT_EQ(item(0).first, "create");
  EXPECT_EQ(item(0).second["status"].as_int(), 201);
  EXPECT_EQ(item(0).second["_index"].as_string(), "mails");
  EXPECT_EQ(item(1).second["_id"].as_string(), "7");
  EXPECT_EQ(item(2).first, "delete");
  EXPECT_EQ(item(2).second["status"].as_int(), 400);
  EXPECT_EQ(item(3).second["error"]["type"].as_string(), "document_parsing_exception");
  EXPECT_EQ(decided(), (std::set<std::string>{"mails: one 2026-03-02", "other: two 2026-03-04"}));
}

TEST_F(Elastic, WhatIsNoBulkIsRefusedAsItsClientsKnowIt) {
  for (const auto* body : {" ", "nonsense\n{}\n", "{\"index\":{}}", "{\"put\":{}}\n{}\n"}) {
    const auto answer = bulk("/_bulk", body);
    EXPECT_EQ(answer.status, 400) << body;
    const auto told = parse_json(answer.body).value();
    EXPECT_EQ(told["status"].as_int(), 400);
    EXPECT_EQ(told["error"]["type"].as_string(), "illegal_argument_exception");
    EXPECT_EQ(answer.field("x-elastic-product"), "Elasticsearch");
  }
}

TEST_F(Elastic, TokensComeAsItsClientsSendThem) {
  const auto status = [&](const std::string& authorization) {
    return send("/_bulk", "{\"index\":{}}\n{\"subject\":\"s\",\"body\":\"x\"}\n",
                authorization.empty() ? "" : "Authorization: " + authorization + "\r\n")
        .status;
  };
  EXPECT_EQ(status("ApiKey " + to_base64("id:" + token())), 200);
  EXPECT_EQ(status("ApiKey " + token()), 200);
  EXPECT_EQ(status("Basic " + to_base64("elastic:" + token())), 200);
  EXPECT_EQ(status("Bearer " + token()), 200);
  for (const auto* bad : {"", "Basic x", "ApiKey", "ApiKey eDp5", "Bearer wnw_1"})
    EXPECT_EQ(status(bad), 401) << bad;
  EXPECT_EQ(status("ApiKey " + service.token(Role::Auditor)), 403);
}

TEST_F(Elastic, TheRootIsForProgramsThatBringAnAuthorizationField) {
  const auto info = service.ask("GET", "/", token());
  EXPECT_EQ(info.field("x-elastic-product"), "Elasticsearch");
  EXPECT_EQ(parse_json(info.body).value()["version"]["number"].as_string(), "8.11.0");
  const auto page = service.ask("GET", "/", "");
  EXPECT_EQ(page.field("x-elastic-product"), "");
  EXPECT_NE(page.field("content-type"), "application/json");
}

}  // namespace
}  // namespace winnow::server
