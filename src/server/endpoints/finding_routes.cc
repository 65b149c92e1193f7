#include "server/endpoints/finding_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"MailView": {"type": "object", "description": "Safe to show as text: no link in it works.",
  "required": ["subject", "from", "reply_to", "to", "cc", "date", "received", "authentication",
               "headers", "redacted", "text", "truncated", "links", "attachments", "problems"],
  "properties": {
    "redacted": {"type": "boolean",
      "description": "The role may not read it: text, texts and targets of links, names of attachments are null."},
    "text": {"type": ["string", "null"]}}},
"Finding": {"type": "object",
  "required": ["id", "event", "bundle", "event_time", "decided_at", "route", "decided_by",
               "because", "probability", "sender", "subject", "reasons", "techniques", "technique_names", "case",
               "explanation", "features", "mail", "ocsf", "mail_removed"],
  "properties": {
    "id": {"type": "string", "pattern": "^d-[0-9a-f]{64}$"},
    "bundle": {"type": "object", "required": ["id", "run", "model"],
               "description": "Run and model are null unless it is the bundle that decides now."},
    "case": {"type": ["string", "null"], "description": "Null until it is in one."},
    "explanation": {"oneOf": [{"$ref": "#/components/schemas/Explanation"}, {"type": "null"}],
      "description": "Null unless the bundle decides now; `winnow decisions explain` tells of every bundle."},
    "features": {"type": "array", "items": {"type": "object",
      "required": ["name", "value", "unit", "meaning"]}},
    "mail_removed": {"type": ["object", "null"], "required": ["at", "rule"],
      "description": "When and by which rule of retention the record went; then `mail` and `ocsf` are null."},
    "ocsf": {"type": ["object", "null"],
      "description": "The event that is no mail, as OCSF: hostile text. Null for a mail."},
    "mail": {"oneOf": [{"$ref": "#/components/schemas/MailView"}, {"type": "null"}]}}},
"Explanation": {"type": "object", "required": ["says", "rule_applied", "rules", "model_saw"],
  "description": "How it came to its route, told when it is asked for. What it quotes of events is hostile.",
  "properties": {
    "says": {"type": "array", "items": {"type": "string"},
      "description": "Which stage decided and why it, which rule of the policy, how far the probability was from each threshold."},
    "rule_applied": {"type": "boolean"},
    "rules": {"type": "array", "maxItems": 3,
      "description": "The rule that applied; or, where none did, more urgent ones that lacked one condition.",
      "items": {"type": "object", "required": ["name", "says", "route", "when"],
        "properties": {
          "route": {"enum": ["close", "queue", "escalate", "playbook"]},
          "when": {"type": "array", "items": {"type": "object", "required": ["text", "found", "holds"],
            "properties": {
              "text": {"type": "string", "description": "The condition, as the policy writes it."},
              "found": {"type": "string", "description": "The value of the event, or 'missing'."},
              "holds": {"type": "boolean"}}}}}}},
    "model_saw": {"type": "array", "description": "The strongest contributions to the model's log-odds, however small the probability. Empty without a model's answer, or when the record is gone.",
      "items": {"type": "object", "required": ["feature", "text", "weight"]}}}},
"Conversation": {"type": "object",
  "required": ["source", "target", "events", "connections", "out", "in", "lasted_ms", "first_at", "last_at",
               "states", "applications", "looked_at"],
  "description": "Of the events around the finding that are of the same two addresses, in both directions. Texts are hostile.",
  "properties": {
    "source": {"type": "string", "description": "As the finding's event names it; empty where it names no two addresses."},
    "events": {"type": "integer", "minimum": 0},
    "connections": {"type": "integer", "minimum": 0, "description": "Of the events that say how much was exchanged: `out`, `in` and `lasted_ms` are their sums."},
    "out": {"type": "object", "required": ["bytes", "packets"], "description": "From source to target."},
    "in": {"type": "object", "required": ["bytes", "packets"]},
    "lasted_ms": {"type": ["integer", "null"]},
    "first_at": {"type": ["string", "null"], "format": "date-time"},
    "last_at": {"type": ["string", "null"], "format": "date-time"},
    "states": {"type": "array", "maxItems": 8, "items": {"type": "object", "required": ["word", "events"]}},
    "applications": {"type": "array", "maxItems": 8, "items": {"type": "object", "required": ["word", "events"]}},
    "looked_at": {"type": "integer", "description": "How many events around the finding were read, by their order of arrival."}}},
"ProcessTree": {"type": "object", "required": ["processes", "looked_at", "cut"],
  "properties": {
    "processes": {"type": "array", "maxItems": 53,
      "description": "As a tree is printed, who started it first. Empty where the event names no process. All texts are hostile.",
      "items": {"type": "object",
        "required": ["kin", "depth", "name", "path", "command", "user", "sha256", "pid", "started", "event"],
        "properties": {
          "kin": {"enum": ["ancestor", "own", "descendant"]},
          "depth": {"type": "integer", "description": "Below the outermost ancestor."},
          "command": {"type": "string", "description": "At most 4 KiB of it."},
          "pid": {"type": ["integer", "null"]},
          "started": {"type": ["string", "null"], "format": "date-time", "description": "Null where its start is not among the events looked at."},
          "event": {"type": ["string", "null"], "pattern": "^[0-9a-f]{64}$"}}}},
    "looked_at": {"type": "integer", "description": "How many events around the finding were read, by their order of arrival."},
    "cut": {"type": "boolean", "description": "It had more descendants."}}})json";

}  // namespace

RouteGroup finding_routes() {
  return {.routes = {{.method = http::Method::Get,
                      .pattern = "/v1/findings/{id}",
                      .roles = kPeople,
                      .perform = get_finding,
                      .answer_schema = "Finding",
                      .statuses = {200, 400, 404, 409, 503},
                      .summary =
                          "A finding: why, of which case, and its mail as safe text, or its event",
                      .variable_schema = kDecisionIdSchema},
                     {.method = http::Method::Get,
                      .pattern = "/v1/findings/{id}/processes",
                      .roles = kPeople,
                      .perform = get_finding_processes,
                      .answer_schema = "ProcessTree",
                      .statuses = {200, 400, 404, 409, 503},
                      .summary = "What started what on the machine around a finding's event",
                      .variable_schema = kDecisionIdSchema},
                     {.method = http::Method::Get,
                      .pattern = "/v1/findings/{id}/conversation",
                      .roles = kPeople,
                      .perform = get_finding_conversation,
                      .answer_schema = "Conversation",
                      .statuses = {200, 400, 404, 409, 503},
                      .summary = "What the two addresses of a finding's event exchanged around it",
                      .variable_schema = kDecisionIdSchema}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
