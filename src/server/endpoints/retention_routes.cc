#include "server/endpoints/retention_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Retention": {"type": "object", "required": ["rules", "next_at", "running", "last"],
  "properties": {
    "rules": {"type": "array", "description": "What is not kept for ever.",
      "items": {"type": "object", "required": ["rule", "days"],
        "properties": {"rule": {"type": "string"}, "days": {"type": "integer"}}}},
    "next_at": {"type": ["string", "null"], "format": "date-time",
      "description": "When it is applied next; null: when somebody asks."},
    "running": {"type": "boolean"},
    "last": {"type": ["object", "null"], "description": "Since the start.",
      "properties": {
        "by": {"type": "string"},
        "begun_at": {"type": "string", "format": "date-time"},
        "ended_at": {"type": "string", "format": "date-time"},
        "rows": {"type": "integer", "description": "Mails, cases, decisions, records in quarantine."},
        "mails_erased": {"type": "integer"},
        "bytes_erased": {"type": "integer"},
        "problem": {"type": ["string", "null"],
          "description": "Why it was not done to its end; the next run does the rest."}}}}},
"RetentionPlans": {"type": "object", "required": ["plans"],
  "properties": {"plans": {"type": "array",
    "description": "One for each rule: what is old enough now.",
    "items": {"type": "object",
      "required": ["rule", "before", "rows", "bytes", "first", "last", "held", "open", "more"],
      "properties": {
        "rule": {"type": "string"},
        "before": {"type": "string", "format": "date-time", "description": "What is older goes."},
        "rows": {"type": "integer"},
        "bytes": {"type": ["integer", "null"], "description": "Null where nobody counts them."},
        "first": {"type": ["string", "null"], "format": "date-time"},
        "last": {"type": ["string", "null"], "format": "date-time"},
        "held": {"type": "integer", "description": "Old enough, but under a legal hold: it stays."},
        "open": {"type": "integer", "description": "Old enough, but of an open case: it stays."},
        "more": {"type": "boolean", "description": "There is more, which goes the next time."}}}}}})json";

}  // namespace

RouteGroup retention_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/v1/retention",
                      .roles = kReadHolds,
                      .perform = tell_retention,
                      .answer_schema = "Retention",
                      .statuses = {200},
                      .summary = "What goes when its time is over, and when it went last"},
                     {.method = Method::Get,
                      .pattern = "/v1/retention/plan",
                      .roles = kReadHolds,
                      .perform = plan_retention_now,
                      .answer_schema = "RetentionPlans",
                      .statuses = {200, 429, 503},
                      .summary = "What would go now; changes nothing"},
                     {.method = Method::Post,
                      .pattern = "/v1/retention/apply",
                      .roles = {Role::Admin},
                      .perform = apply_retention_now,
                      .answer_schema = "Retention",
                      .statuses = {202, 409},
                      .summary = "Removes what is old enough, now; each rule is on record"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
