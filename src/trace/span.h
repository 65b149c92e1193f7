// One piece of work that took time, as OpenTelemetry's data model has it, and how programs tell
// each other which trace they belong to (W3C Trace Context).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/digest.h"

namespace winnow::trace {

using Time = std::chrono::steady_clock::time_point;
using TraceId = std::array<std::uint8_t, 16>;
using SpanId = std::array<std::uint8_t, 8>;  // all zero: none

template <std::size_t kBytes>
std::string hex_of(const std::array<std::uint8_t, kBytes>& id) {
  return to_hex({reinterpret_cast<const char*>(id.data()), id.size()});
}

// Where in which trace.
struct SpanContext {
  TraceId trace{};
  SpanId span{};
  bool sampled = false;  // somebody records it
  friend bool operator==(const SpanContext&, const SpanContext&) = default;
};

enum class SpanKind : std::uint8_t { Internal = 1, Server = 2, Consumer = 5 };  // as OTLP counts

using AttributeValue = std::variant<std::int64_t, std::string>;

struct Span {
  SpanContext context;
  SpanId parent{};
  std::string_view name;  // of a closed list: never what a request says
  SpanKind kind = SpanKind::Internal;
  Time begin, end;
  std::vector<std::pair<std::string_view, AttributeValue>> attributes{};
  std::vector<SpanContext> links{};
  bool failed = false;
};

// A `traceparent` field; nothing for one that is not well-formed (W3C Trace Context, section 3.2:
// of a version that we do not know, the part that we know counts).
std::optional<SpanContext> context_in(std::string_view traceparent);
std::string traceparent_of(const SpanContext& context);

}  // namespace winnow::trace
