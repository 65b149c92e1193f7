#include "server/endpoints/decision_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Reason": {"type": "object", "required": ["feature", "text", "weight"],
  "properties": {
    "feature": {"type": "string"},
    "text": {"type": "string", "description": "In plain words."},
    "weight": {"type": "number", "description": "Log-odds; above zero: towards malicious."}}},
"Decision": {"type": "object",
  "required": ["id", "event", "bundle", "event_time", "decided_at", "route", "decided_by",
               "because", "probability", "novelty", "sender", "subject", "reasons", "techniques", "technique_names"],
  "properties": {
    "id": {"type": "string", "pattern": "^d-[0-9a-f]{64}$"},
    "event": {"type": "string", "pattern": "^[0-9a-f]{64}$",
              "description": "SHA-256 of the mail."},
    "bundle": {"type": "string", "pattern": "^b-[0-9a-f]{64}$"},
    "event_time": {"type": "string", "format": "date-time"},
    "decided_at": {"type": "string", "format": "date-time"},
    "route": {"type": "string", "enum": ["close", "queue", "escalate", "playbook"]},
    "decided_by": {"type": "string", "enum": ["model", "second stage", "fallback"]},
    "because": {"type": "string", "description": "Why another stage decided; else empty."},
    "probability": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    "novelty": {"type": ["number", "null"], "minimum": 0, "maximum": 1,
                "description": "share of ordinary events that are less novel; null without a novelty model"},
    "sender": {"type": "string"},
    "subject": {"type": "string", "description": "As sent: hostile text."},
    "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
    "technique_names": {"type": "array", "items": {"type": "string"}, "description": "In the order of `techniques`; empty for ids that have none."},
    "techniques": {"type": "array", "items": {"type": "string"},
                   "description": "ATT&CK ids."}}},
"DecisionPage": {"type": "object", "required": ["decisions", "next"],
  "properties": {
    "decisions": {"type": "array", "items": {"$ref": "#/components/schemas/Decision"}},
    "next": {"type": ["string", "null"],
             "description": "The `cursor` of the next page; null on the last."}}})json";

}  // namespace

RouteGroup decision_routes() {
  using http::Method;
  return {
      .routes =
          {{.method = Method::Get,
            .pattern = "/v1/decisions",
            .roles = kPeople,
            .perform = list_decisions,
            .answer_schema = "DecisionPage",
            .statuses = {200, 400, 503},
            .summary = "Decisions, newest first, page by page",
            .parameters =
                {{"route", "only this route",
                  R"({"type":"string","enum":["close","queue","escalate","playbook"]})"},
                 {"since", "decided at or after this time",
                  R"({"type":"string","format":"date-time"})"},
                 {"until", "decided before this time", R"({"type":"string","format":"date-time"})"},
                 {"sender", "only this mailbox or domain", R"({"type":"string","maxLength":320})"},
                 {"limit", "at most so many (default: 50)",
                  R"({"type":"integer","minimum":1,"maximum":500,"default":50})"},
                 {"cursor", "the `next` of the page before",
                  R"({"type":"string","maxLength":100,"pattern":"^([0-9]{1,18}-[0-9a-f]{64})?$"})"}}},
           {.method = Method::Get,
            .pattern = "/v1/decisions/{id}",
            .roles = kPeople,
            .perform = get_decision,
            .answer_schema = "Decision",
            .statuses = {200, 304, 400, 404, 409, 503},
            .summary = "One decision, by its id or a unique beginning of it",
            .variable_schema = kDecisionIdSchema}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
