#include "trace/span.h"

#include "base/json.h"
#include "tests/support/support.h"
#include "trace/otlp.h"

namespace winnow::trace {
namespace {

constexpr std::string_view kExample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Traceparent, SaysWhereInWhichTrace) {
  const auto context = context_in(kExample);
  ASSERT_TRUE(context);
  EXPECT_EQ(context->trace[0], 0x4B);
  EXPECT_EQ(context->trace[15], 0x36);
  EXPECT_EQ(context->span[1], 0xF0);
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(traceparent_of(*context), kExample);
  EXPECT_FALSE(context_in("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02")->sampled);
  // Of a version to come, what this one knows counts.
  EXPECT_EQ(context_in("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more"), context);
  EXPECT_EQ(context_in("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"), context);
}

TEST(Traceparent, IsNoneWhenItIsNotWellFormed) {
  const std::string good(kExample);
  const std::vector<std::string> all = {"",
                                        good.substr(1),
                                        good + "-",
                                        good + "-00",
                                        good + " ",
                                        " " + good,
                                        "ff" + good.substr(2),
                                        "0G" + good.substr(2),
                                        "00_" + good.substr(3),
                                        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                                        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                                        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
                                        "cc" + good.substr(2) + ".more",
                                        "cc" + good.substr(2) + "-" + std::string(10'000, 'x')};
  for (const auto& bad : all) EXPECT_FALSE(context_in(bad)) << bad.substr(0, 100);
}

TEST(Traceparent, NoFlippedBitIsReadAsTheSame) {
  const auto context = context_in(kExample);
  for (std::size_t bit = 0; bit < kExample.size() * 8; ++bit) {
    std::string flipped(kExample);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    const auto read = context_in(flipped);
    // Only the version and the flags that we do not know may change unseen.
    if (read != context) continue;
    EXPECT_TRUE(bit / 8 < 2 || bit / 8 >= 53) << flipped;
  }
}

TEST(Otlp, IsWhatACollectorReads) {
  const Time then{std::chrono::seconds(100)};
  Span span{.context = *context_in(kExample),
            .parent = {1, 2, 3, 4, 5, 6, 7, 8},
            .name = "POST /v1/score/mail",
            .kind = SpanKind::Server,
            .begin = then - std::chrono::microseconds(1500),
            .end = then};
  span.attributes = {{"http.response.status_code", std::int64_t{503}},
                     {"text", std::string("\"\n")}};
  span.links = {*context_in(kExample)};
  span.failed = true;
  const auto text =
      otlp_json({&span, 1}, {"1.0", "soc"}, {then, Timestamp::from_civil(2026, 3, 4, 9)});
  EXPECT_EQ(
      text,
      R"({"resourceSpans":[{"resource":{"attributes":[)"
      R"({"key":"service.name","value":{"stringValue":"winnow"}},)"
      R"({"key":"service.version","value":{"stringValue":"1.0"}},)"
      R"({"key":"service.instance.id","value":{"stringValue":"soc"}}]},)"
      R"("scopeSpans":[{"scope":{"name":"winnow","version":"1.0"},"spans":[)"
      R"({"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7",)"
      R"("name":"POST /v1/score/mail","kind":2,"startTimeUnixNano":"1772614799998500000",)"
      R"("endTimeUnixNano":"1772614800000000000","parentSpanId":"0102030405060708",)"
      R"("attributes":[{"key":"http.response.status_code","value":{"intValue":"503"}},)"
      R"({"key":"text","value":{"stringValue":"\"\n"}}],)"
      R"("links":[{"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"}],)"
      R"("status":{"code":2}}]}]}]})");
}

TEST(Otlp, TellsWhatTheCollectorDidNotTake) {
  EXPECT_EQ(rejected_in("{}"), 0U);
  EXPECT_EQ(rejected_in(R"({"partialSuccess":{"rejectedSpans":"7","errorMessage":"x"}})"), 7U);
  EXPECT_EQ(rejected_in(R"({"partialSuccess":{"rejectedSpans":3}})"), 3U);
  for (const auto* const nonsense : {"", "null", "[]", R"({"partialSuccess":{"rejectedSpans":-1}})",
                                     R"({"partialSuccess":{"rejectedSpans":"x"}})"})
    EXPECT_EQ(rejected_in(nonsense), 0U) << nonsense;
}

}  // namespace
}  // namespace winnow::trace
