#include "trace/tracer.h"

#include <set>

#include "tests/support/support.h"
#include "tests/trace/collector.h"

namespace winnow::trace {
namespace {

using testing::Collector;
constexpr std::chrono::seconds kGrace{20};

TracerOptions options_of(const Collector& collector) {
  return {.endpoint = collector.endpoint() + "/",
          .fields = {"x-api-key: k1"},
          .service = {"1.0", "soc"},
          .gather = std::chrono::milliseconds(1),
          .try_again = std::chrono::milliseconds(1)};
}

std::vector<Span> spans(Tracer& tracer, std::size_t count) {
  std::vector<Span> made(count);
  for (auto& span : made) {
    span.context = tracer.begin(std::nullopt);
    span.name = "work";
    span.begin = span.end = std::chrono::steady_clock::now();
  }
  return made;
}

class TracerTest : public ::testing::Test {
 protected:
  FixedClock clock_{Timestamp::from_civil(2026, 3, 4, 9)};
  Collector collector_;
};

TEST_F(TracerTest, WhatIsRecordedArrivesBeforeItEnds) {
  Tracer tracer(options_of(collector_), clock_);
  tracer.record(spans(tracer, 2000));
  tracer.record(spans(tracer, 3));
  tracer.stop(kGrace);
  EXPECT_EQ(tracer.counts().sent, 2003U);
  EXPECT_EQ(tracer.counts().dropped, 0U);
  std::set<std::string> ids;
  for (const auto& span : collector_.spans()) ids.insert(span["spanId"].as_string());
  EXPECT_EQ(ids.size(), 2003U) << "each with an id of its own";
  for (const auto& request : collector_.received()) {
    EXPECT_EQ(request.path, "/v1/traces");
    EXPECT_EQ(request.type, "application/json");
    EXPECT_EQ(request.key, "k1");
    EXPECT_LE(request.body["resourceSpans"][0]["scopeSpans"][0]["spans"].size(),
              Tracer::kBatchSpans);
  }
}

TEST_F(TracerTest, WhatHasNoRoomIsDroppedWholeAndCounted) {
  auto options = options_of(collector_);
  options.queue_spans = 10;
  options.gather = std::chrono::hours(1);  // nothing leaves meanwhile
  Tracer tracer(options, clock_);
  tracer.record(spans(tracer, 8));
  tracer.record(spans(tracer, 3));
  tracer.record(spans(tracer, 2));
  EXPECT_EQ(tracer.counts().dropped, 3U);
  tracer.stop(kGrace);
  EXPECT_EQ(tracer.counts().sent, 10U);
  tracer.record(spans(tracer, 1));
  EXPECT_EQ(tracer.counts().dropped, 4U) << "it is over";
}

TEST_F(TracerTest, ABusyCollectorIsAskedAgain) {
  collector_.reply_with({{503, "{}"}, {429, "{}"}, {502, "{}"}, {504, "{}"}});
  Tracer tracer(options_of(collector_), clock_);
  tracer.record(spans(tracer, 5));
  ASSERT_TRUE(collector_.wait_for_requests(5));
  tracer.stop(kGrace);
  EXPECT_EQ(tracer.counts().sent, 5U);
  EXPECT_EQ(collector_.spans().size(), 5U);
}

TEST_F(TracerTest, WhatIsRefusedIsNotSentAgain) {
  collector_.reply_with({{400, "{}"}, {301, "{}"}});
  for (const int number : {1, 2}) {
    Tracer tracer(options_of(collector_), clock_);
    tracer.record(spans(tracer, 5));
    tracer.stop(kGrace);
    EXPECT_EQ(tracer.counts().dropped, 5U) << number;
  }
  EXPECT_EQ(collector_.received().size(), 2U);
}

TEST_F(TracerTest, SpansThatTheCollectorDoesNotTakeAreCounted) {
  collector_.reply_with({{200, R"({"partialSuccess":{"rejectedSpans":"2"}})"}});
  Tracer tracer(options_of(collector_), clock_);
  tracer.record(spans(tracer, 5));
  tracer.stop(kGrace);
  EXPECT_EQ(tracer.counts().sent, 3U);
  EXPECT_EQ(tracer.counts().dropped, 2U);
}

TEST_F(TracerTest, ACollectorThatNeverAnswersDelaysTheEndNoLongerThanTheGrace) {
  collector_.reply_with({{0, ""}, {0, ""}, {0, ""}});
  Tracer tracer(options_of(collector_), clock_);
  tracer.record(spans(tracer, 5));
  ASSERT_TRUE(collector_.wait_for_requests(1));
  const auto begun = std::chrono::steady_clock::now();
  tracer.stop(std::chrono::milliseconds(10));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(8));
  EXPECT_EQ(tracer.counts().dropped, 5U);
}

TEST_F(TracerTest, ACallersTraceIsContinuedAsItIs) {
  auto options = options_of(collector_);
  options.ratio = 0;
  Tracer tracer(options, clock_);
  EXPECT_FALSE(tracer.begin(std::nullopt).sampled);
  SpanContext caller{.trace = {7}, .span = {9}, .sampled = true};
  const auto child = tracer.begin(caller);
  EXPECT_EQ(child.trace, caller.trace);
  EXPECT_NE(child.span, caller.span);
  EXPECT_TRUE(child.sampled);
  caller.sampled = false;
  EXPECT_FALSE(tracer.begin(caller).sampled);
}

TEST_F(TracerTest, SamplesAsManyAsItIsTold) {
  auto options = options_of(collector_);
  options.ratio = 0.25;
  Tracer tracer(options, clock_);
  int sampled = 0;
  for (int i = 0; i < 10'000; ++i) sampled += tracer.begin(std::nullopt).sampled ? 1 : 0;
  EXPECT_NEAR(sampled, 2500, 300);  // seven deviations
}

}  // namespace
}  // namespace winnow::trace
