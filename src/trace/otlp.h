// Spans as OTLP has them in JSON (opentelemetry-proto 1, "JSON Protobuf Encoding"): what is posted
// to a collector's /v1/traces.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/timestamp.h"
#include "trace/span.h"

namespace winnow::trace {

// Who sends them.
struct Service {
  std::string version;   // of the program
  std::string instance;  // this workspace's service, apart from others
};

// Times are those of a clock that never goes back: at `then` it was `now`.
struct Meeting {
  Time then;
  Timestamp now;
};

std::string otlp_json(std::span<const Span> spans, const Service& service, const Meeting& clocks);

// How many spans the collector says it did not take (partial success); 0 where it says nothing that
// can be read.
std::uint64_t rejected_in(std::string_view answer);

}  // namespace winnow::trace
