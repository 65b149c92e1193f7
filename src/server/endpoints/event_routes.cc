#include "server/endpoints/event_endpoints.h"
#include "server/endpoints/receiving.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Accepted": {"type": "object", "required": ["accepted", "source"],
  "properties": {
    "accepted": {"type": "integer",
      "description": "How many records are on disk now. Those that cannot be used go to quarantine."},
    "source": {"type": "string"}}},
"LogRecords": {"description": "Records of a log, or one.",
  "oneOf": [{"type": "object"}, {"type": "array", "minItems": 1}]})json";

}  // namespace

RouteGroup event_routes() {
  return {
      .routes = {{.method = http::Method::Post,
                  .pattern = "/v1/events/{source}",
                  .roles = {Role::Sensor},
                  .perform = accept_events,
                  .body_bytes = kMaxEventsBytes,
                  .body_type = "application/x-ndjson",
                  .answer_schema = "Accepted",
                  .statuses = {202, 400, 503, 507},
                  .summary = "Accepts mails or records of logs to be decided later; the answer "
                             "says that all of them are on disk. The same record again is known",
                  .variable_schema = R"({"type":"string","pattern":"^[ -~]{1,100}$"})",
                  .also_types = {"application/json", "text/csv", "message/rfc822",
                                 "application/mbox"},
                  .json_schema = "LogRecords"}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
