#include "server/endpoints/receiving.h"
#include "server/endpoints/splunk_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

using http::Method;

constexpr std::string_view kSchemas = R"json(
"SplunkReply": {"type": "object", "required": ["text", "code"],
  "description": "As Splunk's HTTP Event Collector answers.",
  "properties": {
    "text": {"type": "string"},
    "code": {"type": "integer"},
    "ackId": {"type": "integer", "description": "Where the request names a channel."},
    "invalid-event-number": {"type": "integer"}}},
"SplunkEvent": {"type": "object", "required": ["event"],
  "description": "One or more of these, one behind the other.",
  "properties": {"event": {"type": ["string", "object", "array", "number", "boolean"], "minLength": 1,
    "description": "A record as object or text, or a mail as text."}}},
"SplunkAckQuestion": {"type": "object", "required": ["acks"],
  "properties": {"acks": {"type": "array", "items": {
    "type": "integer", "minimum": 0, "maximum": 9223372036854775807}}}},
"SplunkAckAnswer": {"type": "object", "required": ["acks"],
  "properties": {"acks": {"type": "object", "additionalProperties": {"type": "boolean"}}}})json";
constexpr std::string_view kText = R"({"type":"string"})";
constexpr Parameter kChannel = {
    "channel", "a UUID; or in the field X-Splunk-Request-Channel",
    R"({"type":"string","pattern":"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"})"};
constexpr std::size_t kAckBytes = 256UL << 10;  // some 40,000 numbers

Route receiver(std::string_view pattern, void (*perform)(Call&), std::string_view summary) {
  return {.method = Method::Post,
          .pattern = pattern,
          .roles = {Role::Sensor},
          .perform = perform,
          .body_bytes = kMaxEventsBytes,
          .body_type = kJsonType,
          .body_schema = "SplunkEvent",
          .answer_schema = "SplunkReply",
          .statuses = {200, 400, 503},
          .summary = summary,
          .parameters = {kChannel},
          .dialect = &kSplunkDialect};
}

Route raw_receiver(std::string_view pattern) {
  auto route =
      receiver(pattern, receive_splunk_raw, "As Splunk's HEC: a mail, mails or a log as they are");
  route.body_type = "text/plain";
  route.body_schema = {};
  for (const std::string_view name : {"host", "index", "source", "sourcetype", "time"})
    route.parameters.push_back({name, "as Splunk has it", kText});
  return route;
}

Route acknowledgements() {
  auto channel = kChannel;
  channel.required = true;
  return {.method = Method::Post,
          .pattern = "/services/collector/ack",
          .roles = {Role::Sensor},
          .perform = tell_splunk_acks,
          .body_bytes = kAckBytes,
          .body_type = kJsonType,
          .body_schema = "SplunkAckQuestion",
          .answer_schema = "SplunkAckAnswer",
          .statuses = {200, 400},
          .summary = "As Splunk's HEC: whether what was accepted on a channel is safe",
          .parameters = {channel},
          .dialect = &kSplunkDialect};
}

Route health(std::string_view pattern) {
  return {.method = Method::Get,
          .pattern = pattern,
          .roles = {},
          .perform = tell_splunk_health,
          .answer_schema = "SplunkReply",
          .statuses = {200, 503},
          .summary = "As Splunk's HEC: whether there is room for more",
          .dialect = &kSplunkDialect};
}

}  // namespace

RouteGroup splunk_routes() {
  constexpr std::string_view kEvents =
      "As Splunk's HEC: accepts events in their envelopes, to be decided later";
  return {
      .routes = {receiver("/services/collector", receive_splunk_events, kEvents),
                 receiver("/services/collector/event", receive_splunk_events, kEvents),
                 receiver("/services/collector/event/1.0", receive_splunk_events, kEvents),
                 raw_receiver("/services/collector/raw"),
                 raw_receiver("/services/collector/raw/1.0"), acknowledgements(),
                 health("/services/collector/health"), health("/services/collector/health/1.0")},
      .schemas = kSchemas};
}

}  // namespace winnow::server
