#include "server/endpoints/quarantine_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"QuarantineRetry": {"type": "object", "additionalProperties": false,
  "description": "Which records; without members all.",
  "properties": {
    "mapping": {"type": ["string", "null"], "description": "Only what this mapping refused."},
    "source": {"type": ["string", "null"], "description": "Only what this source brought."},
    "after": {"type": ["string", "null"], "pattern": "^[0-9]{1,18}$",
      "description": "`next` of the answer before."}}},
"QuarantineRetried": {"type": "object", "required": ["tried", "released", "next"],
  "properties": {
    "tried": {"type": "integer"},
    "released": {"type": "integer", "description": "In the event log now; mails are decided."},
    "next": {"type": ["string", "null"], "description": "Ask again with this: there are more."}}})json";

}  // namespace

RouteGroup quarantine_routes() {
  return {.routes = {{.method = http::Method::Post,
                      .pattern = "/v1/quarantine/retry",
                      .roles = {Role::Engineer, Role::Admin},
                      .perform = retry_quarantined,
                      .body_bytes = 4096,
                      .body_type = kJsonType,
                      .body_schema = "QuarantineRetry",
                      .answer_schema = "QuarantineRetried",
                      .statuses = {200, 400, 503, 507},
                      .summary = "Tries to use quarantined records again, at most 4,096: after a "
                                 "mapping was mended"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
