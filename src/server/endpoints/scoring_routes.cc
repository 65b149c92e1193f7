#include "server/endpoints/scoring_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {

namespace {

constexpr std::size_t kMaxRowsBytes = 256UL << 10;

constexpr Parameter kSource = {"source", "who supplied it (default: the token's name)",
                               R"({"type":"string","maxLength":100,"pattern":"^[ -~]+$"})"};

constexpr std::string_view kSchemas = R"json(
  "LogRecord": {"type": "object", "minProperties": 1,
    "description": "One record as its tool writes it, or one row of a mail log."},
  "EventDecision": {"description": "A decision, and who read the record.",
    "allOf": [{"$ref": "#/components/schemas/Decision"},
      {"type": "object", "required": ["domain", "mapping"], "properties": {
        "domain": {"$ref": "#/components/schemas/Domain"},
        "mapping": {"type": "string",
                    "description": "That read it; `mail` for a row of a mail log."}}}]},
  "FeatureRow": {"type": "object", "description": "Feature values by name; what is not named is missing.",
    "additionalProperties": {"type": ["number", "boolean", "null"]}},
  "Judgements": {"type": "object", "required": ["bundle", "rows"], "properties": {
    "bundle": {"type": "string", "description": "The champion that judged."},
    "rows": {"type": "array", "items": {"type": "object",
      "required": ["probability", "margin", "route", "decided_by", "rule"], "properties": {
        "probability": {"type": ["number", "null"]},
        "margin": {"type": ["number", "null"], "description": "Log-odds before calibration."},
        "route": {"enum": ["close", "queue", "escalate", "playbook"]},
        "decided_by": {"enum": ["model", "second stage", "fallback"]},
        "rule": {"type": ["string", "null"], "description": "The policy's rule that decided."}}}}}})json";

}  // namespace

RouteGroup scoring_routes() {
  return {
      .routes =
          {{.method = http::Method::Post,
            .pattern = "/v1/score",
            .roles = {Role::Sensor, Role::Engineer},
            .perform = score_rows,
            .body_bytes = kMaxRowsBytes,
            .body_type = kJsonType,
            .body_schema = "FeatureRow",
            .answer_schema = "Judgements",
            .statuses = {200, 400, 503},
            .summary = "What the champion says of at most 512 rows of feature values; nothing is "
                       "stored, and no decision made",
            .also_types = {"application/x-ndjson"}},
           {.method = http::Method::Post,
            .pattern = "/v1/score/mail",
            .roles = {Role::Sensor},
            .perform = score_mail,
            .body_bytes = kMaxMailBytes,
            .body_type = "message/rfc822",
            .answer_schema = "Decision",
            .statuses = {200, 400, 422, 503, 507},
            .summary = "Stores a mail and decides on it; the answer says that both are durable. "
                       "The same mail again gets the same decision",
            .parameters = {kSource}},
           {.method = http::Method::Post,
            .pattern = "/v1/score/event",
            .roles = {Role::Sensor},
            .perform = score_event,
            .body_bytes = kMaxScoredBytes,
            .body_type = kJsonType,
            .answer_schema = "EventDecision",
            .statuses = {200, 400, 422, 503, 507},
            .summary = "Stores one record of a mapped log and decides on it; the answer says that "
                       "both are durable. The same record again gets the same decision",
            .parameters = {kSource,
                           {"mapping",
                            "the mapping that reads it (default: the one of the source's "
                            "name, else the one that recognises it)",
                            R"({"type":"string","maxLength":100})"}},
            .also_types = {"text/plain"},
            .json_schema = "LogRecord"}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
