// What a request's trace tells, and what it never does.
#include <set>

#include <fmt/format.h>

#include "tests/server/running_service.h"
#include "tests/trace/collector.h"

namespace winnow::server {
namespace {

using testing::attribute_of;
using testing::Collector;
using testing::RunningService;

constexpr std::string_view kMail =
    "From: Secret Sender <s3cret@sender.example>\nTo: b@b.example\nSubject: a s3cret subject\n\n"
    "s3cret text\n";
constexpr std::string_view kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr unsigned long kSpansOfAMail = 6;
constexpr std::string_view kCaller =
    "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n";

ServiceOptions traced(const Collector& collector, double ratio = 1) {
  ServiceOptions options;
  options.traces = trace::TracerOptions{
      .endpoint = collector.endpoint(), .ratio = ratio, .gather = std::chrono::milliseconds(1)};
  return options;
}

const Json* span_named(const std::vector<Json>& spans, std::string_view name) {
  for (const auto& span : spans) {
    if (span["name"].as_string() == name) return &span;
  }
  return nullptr;
}

std::set<std::string> names_of(const std::vector<Json>& spans) {
  std::set<std::string> names;
  for (const auto& span : spans) names.insert(span["name"].as_string());
  return names;
}

TEST(Traces, OfAScoredMailNameItsPartsAndItsDecision) {
  Collector collector;
  RunningService service(traced(collector));
  const auto answer = service.score(kMail, kCaller);
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto id = parse_json(answer.body).value()["id"].as_string();
  service.service().drain(std::chrono::seconds(20));
  const auto spans = collector.spans();
  EXPECT_EQ(names_of(spans), (std::set<std::string>{"POST /v1/score/mail", "wait", "read",
                                                    "store record", "score", "store decision"}));
  const auto* const whole = span_named(spans, "POST /v1/score/mail");
  ASSERT_NE(whole, nullptr);
  EXPECT_EQ((*whole)["parentSpanId"].as_string(), "00f067aa0ba902b7") << "the caller's";
  EXPECT_EQ(attribute_of(*whole, "http.route"), "/v1/score/mail");
  EXPECT_EQ(attribute_of(*whole, "http.request.method"), "POST");
  EXPECT_EQ(attribute_of(*whole, "http.response.status_code"), "200");
  EXPECT_EQ(attribute_of(*whole, "winnow.decision.id"), id);
  EXPECT_FALSE(attribute_of(*whole, "winnow.decision.route").empty());
  const auto own = (*whole)["spanId"].as_string();
  for (const auto& span : spans) {
    EXPECT_EQ(span["traceId"].as_string(), kTrace);
    EXPECT_EQ(span["parentSpanId"].as_string(), &span == whole ? "00f067aa0ba902b7" : own);
    EXPECT_GE(span["startTimeUnixNano"].as_string(), (*whole)["startTimeUnixNano"].as_string());
    EXPECT_LE(span["startTimeUnixNano"].as_string(), span["endTimeUnixNano"].as_string());
    EXPECT_LE(span["endTimeUnixNano"].as_string(), (*whole)["endTimeUnixNano"].as_string());
  }
  EXPECT_EQ(answer.field("traceresponse"), fmt::format("00-{}-{}-01", kTrace, own));
}

TEST(Traces, LinkWhatWasAcceptedToItsDecision) {
  Collector collector;
  RunningService service(traced(collector));
  const auto send = [&](std::string_view caller, std::string_view body) {
    return service.ask("POST", "/v1/events/gateway", service.token(Role::Sensor),
                       fmt::format("Content-Type: application/x-ndjson\r\n{}", caller), body);
  };
  ASSERT_EQ(send(kCaller, R"({"sender":"a@b.example","subject":"one"})"
                          "\n")
                .status,
            202);
  const auto decided = [&] { return span_named(collector.spans(), "decide accepted") != nullptr; };
  for (int i = 0; i < 2000 && !decided(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  service.service().drain(std::chrono::seconds(20));
  const auto spans = collector.spans();
  const auto* const accepted = span_named(spans, "POST /v1/events/{source}");
  ASSERT_NE(accepted, nullptr);
  EXPECT_NE(span_named(spans, "store records"), nullptr);
  const auto* const later = span_named(spans, "decide accepted");
  ASSERT_NE(later, nullptr);
  EXPECT_NE((*later)["traceId"].as_string(), kTrace) << "a trace of its own";
  ASSERT_EQ((*later)["links"].size(), 1U);
  EXPECT_EQ((*later)["links"][0]["traceId"].as_string(), kTrace);
  EXPECT_EQ((*later)["links"][0]["spanId"].as_string(), (*accepted)["spanId"].as_string());
  EXPECT_EQ(attribute_of(*later, "winnow.records"), "1");
}

TEST(Traces, LinkWhatWasAcceptedBeforeARestart) {
  Collector collector;
  RunningService service(traced(collector), RunningService::Champion::None);
  ASSERT_EQ(service
                .ask("POST", "/v1/events/gateway", service.token(Role::Sensor),
                     fmt::format("Content-Type: message/rfc822\r\n{}", kCaller), kMail)
                .status,
            202);
  service.service().drain(std::chrono::seconds(20));
  const auto spans = collector.spans();
  ASSERT_NE(span_named(spans, "POST /v1/events/{source}"), nullptr);
  service.restart(RunningService::Champion::Small);
  const auto decided = [&] { return span_named(collector.spans(), "decide accepted") != nullptr; };
  for (int i = 0; i < 2000 && !decided(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto later = collector.spans();
  const auto* const span = span_named(later, "decide accepted");
  ASSERT_NE(span, nullptr);
  EXPECT_EQ((*span)["links"][0]["traceId"].as_string(), kTrace);
}

// Of everything that a request says, and of the mail, a trace holds nothing.
TEST(Traces, HoldNothingThatARequestSays) {
  Collector collector;
  RunningService service(traced(collector));
  const auto& token = service.token(Role::Analyst);
  service.score(kMail, "X-Other: s3cret\r\n");
  service.ask("POST", "/v1/score/mail?source=s3cret", service.token(Role::Sensor),
              "Content-Type: message/rfc822\r\n", kMail);
  service.ask("GET", "/v1/decisions/s3cret?s3cret=s3cret", token);
  service.ask("GET", "/v1/decisions?sender=s3cret.example", token);
  service.ask("DELETE", "/v1/suppressions/s3cret", service.token(Role::Senior));
  service.ask("GET", "/v1/queue?q=s3cret", "wnw_s3cret");
  service.ask("GET", "/v1/s3cret", token);
  service.ask("GET", "/v1/me", token, "traceparent: s3cret\r\n");
  service.service().drain(std::chrono::seconds(20));
  EXPECT_GE(collector.spans().size(), 7U);
  for (const auto& request : collector.received()) {
    const auto text = to_text(request.body);
    EXPECT_EQ(text.find("s3cret"), std::string::npos) << text;
    EXPECT_EQ(text.find("127.0.0.1"), std::string::npos) << text;
    EXPECT_EQ(text.find("wnw_"), std::string::npos) << text;
  }
}

TEST(Traces, AStrangerDecidesNothing) {
  Collector collector;
  RunningService service(traced(collector, 0));
  EXPECT_EQ(service.ask("GET", "/v1/me", "", kCaller).status, 401);
  EXPECT_EQ(service.ask("GET", "/healthz", "", kCaller).field("traceresponse"), "");
  const auto known = service.ask("GET", "/v1/me", service.token(Role::Analyst), kCaller);
  EXPECT_NE(known.field("traceresponse"), "") << "one with a token asks for a trace of its own";
  EXPECT_EQ(service.ask("GET", "/v1/me", service.token(Role::Analyst)).field("traceresponse"), "");
  service.service().drain(std::chrono::seconds(20));
  EXPECT_EQ(names_of(collector.spans()), std::set<std::string>{"GET /v1/me"});
}

TEST(Traces, ThatDoNotArriveAreCountedAndKeepNobodyWaiting) {
  auto collector = std::make_unique<Collector>();
  auto options = traced(*collector);
  options.traces->try_again = std::chrono::milliseconds(1);
  collector.reset();  // nobody is there
  RunningService service(options);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(service.score(kMail).status, 200);
  const auto all_are_dropped = [&] {
    const auto text = service.ask("GET", "/metrics", service.token(Role::Engineer)).body;
    constexpr std::string_view kCount = "\nwinnow_trace_spans_dropped_total ";
    return std::stoul(text.substr(text.find(kCount) + kCount.size())) >= 5 * kSpansOfAMail;
  };
  for (int i = 0; i < 1000 && !all_are_dropped(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_TRUE(all_are_dropped());
}

TEST(Traces, OffThereAreNone) {
  RunningService service;
  EXPECT_EQ(service.score(kMail, kCaller).field("traceresponse"), "");
  const auto metrics = service.ask("GET", "/metrics", service.token(Role::Engineer)).body;
  EXPECT_NE(metrics.find("\nwinnow_trace_spans_sent_total 0\n"), std::string::npos);
}

}  // namespace
}  // namespace winnow::server
