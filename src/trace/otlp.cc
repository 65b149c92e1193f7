#include "trace/otlp.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"

namespace winnow::trace {
namespace {

constexpr int kStatusError = 2;

Json attribute(std::string_view key, const AttributeValue& value) {
  // 64-bit integers are texts in this encoding.
  const auto* const number = std::get_if<std::int64_t>(&value);
  return Json::object(
      {{"key", key},
       {"value", number != nullptr
                     ? Json::object({{"intValue", std::to_string(*number)}})
                     : Json::object({{"stringValue", std::get<std::string>(value)}})}});
}

std::string unix_nanos(Time time, const Meeting& clocks) {
  const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(time - clocks.then);
  return std::to_string(clocks.now.micros() * 1000 + since.count());
}

Json span_json(const Span& span, const Meeting& clocks) {
  Json json = Json::object({{"traceId", hex_of(span.context.trace)},
                            {"spanId", hex_of(span.context.span)},
                            {"name", span.name},
                            {"kind", static_cast<int>(span.kind)},
                            {"startTimeUnixNano", unix_nanos(span.begin, clocks)},
                            {"endTimeUnixNano", unix_nanos(span.end, clocks)}});
  if (span.parent != SpanId{}) json.set("parentSpanId", hex_of(span.parent));
  Json attributes = Json::array(), links = Json::array();
  for (const auto& [key, value] : span.attributes) attributes.push(attribute(key, value));
  for (const auto& link : span.links)
    links.push(Json::object({{"traceId", hex_of(link.trace)}, {"spanId", hex_of(link.span)}}));
  if (attributes.size() > 0) json.set("attributes", std::move(attributes));
  if (links.size() > 0) json.set("links", std::move(links));
  if (span.failed) json.set("status", Json::object({{"code", kStatusError}}));
  return json;
}

}  // namespace

std::string otlp_json(std::span<const Span> spans, const Service& service, const Meeting& clocks) {
  Json all = Json::array();
  for (const auto& span : spans) all.push(span_json(span, clocks));
  const auto resource = Json::object(
      {{"attributes", Json::array({attribute("service.name", "winnow"),
                                   attribute("service.version", service.version),
                                   attribute("service.instance.id", service.instance)})}});
  const auto scope = Json::object({{"name", "winnow"}, {"version", service.version}});
  const auto of_scope = Json::object({{"scope", scope}, {"spans", std::move(all)}});
  return to_text(Json::object(
      {{"resourceSpans", Json::array({Json::object({{"resource", resource},
                                                    {"scopeSpans", Json::array({of_scope})}})})}}));
}

std::uint64_t rejected_in(std::string_view answer) {
  const auto json = parse_json(answer);
  if (!json) return 0;
  const auto& rejected = (*json)["partialSuccess"]["rejectedSpans"];
  if (rejected.is_int())
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, rejected.as_int()));
  const auto& digits = rejected.as_string();
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace winnow::trace
