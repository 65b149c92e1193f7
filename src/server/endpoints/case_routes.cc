#include "server/endpoints/case_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"CaseState": {"type": "string", "enum": ["new", "in_progress", "snoozed", "resolved"]},
"VerdictKind": {"type": "string",
  "enum": ["true_positive", "benign_positive", "false_positive"]},
"Case": {"type": "object",
  "required": ["id", "version", "domains", "title", "state", "severity", "urgency", "findings", "sender",
               "recipients", "recipient_count", "probability", "route", "owner", "opened_at",
               "updated_at", "last_finding_at", "due_at", "overdue", "snoozed_until",
               "resolved_at", "suppressed_by", "grouped_by", "reasons", "techniques", "technique_names",
               "entities", "criticality", "severity_because", "verdict"],
  "properties": {
    "id": {"type": "string", "pattern": "^c-[0-9a-f]{24}$"},
    "version": {"type": "integer", "minimum": 1},
    "domains": {"type": "array", "items": {"$ref": "#/components/schemas/Domain"},
                "description": "Where its findings were decided."},
    "title": {"type": "string", "description": "A subject as sent: hostile text."},
    "state": {"$ref": "#/components/schemas/CaseState"},
    "severity": {"type": "string", "enum": ["critical", "high", "medium", "low"]},
    "urgency": {"type": "number", "minimum": 0, "maximum": 1},
    "findings": {"type": "integer", "minimum": 1},
    "sender": {"type": "string"},
    "recipients": {"type": "array", "items": {"type": "string"},
                   "description": "The first of them."},
    "recipient_count": {"type": "integer", "minimum": 0},
    "probability": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    "route": {"type": "string", "enum": ["queue", "escalate", "playbook"]},
    "owner": {"type": ["string", "null"]},
    "opened_at": {"type": "string", "format": "date-time"},
    "updated_at": {"type": "string", "format": "date-time"},
    "last_finding_at": {"type": "string", "format": "date-time"},
    "due_at": {"type": "string", "format": "date-time"},
    "overdue": {"type": "boolean"},
    "snoozed_until": {"type": ["string", "null"], "format": "date-time"},
    "resolved_at": {"type": ["string", "null"], "format": "date-time"},
    "suppressed_by": {"type": ["string", "null"],
                      "description": "The suppression that resolved it, if no person did."},
    "grouped_by": {"type": "string",
                   "description": "Why its findings belong together, in plain words."},
    "reasons": {"type": "array", "items": {"type": "string"}},
    "techniques": {"type": "array", "items": {"type": "string"}, "description": "Ids of MITRE ATT&CK."},
    "technique_names": {"type": "array", "items": {"type": "string"}, "description": "In the order of `techniques`; empty for ids that have none."},
    "entities": {"type": "array", "maxItems": 8,
      "description": "Hosts, users, addresses and indicators that its findings' events name (of mails none): those worth most first. Hostile texts.",
      "items": {"type": "object", "required": ["kind", "key", "criticality"],
        "properties": {
          "kind": {"enum": ["host", "user", "cloud_principal", "ip", "domain", "file_hash"]},
          "criticality": {"enum": ["", "low", "medium", "high", "critical"], "description": "By the list of assets; empty where it says nothing."}}}},
    "criticality": {"enum": ["", "low", "medium", "high", "critical"], "description": "The highest of all its entities."},
    "severity_because": {"type": "string", "description": "What the policy of cases found it so severe for."},
    "verdict": {"oneOf": [{"$ref": "#/components/schemas/VerdictKind"}, {"type": "null"}]}}},
"CaseDetail": {"allOf": [{"$ref": "#/components/schemas/Case"}, {"type": "object",
  "required": ["kinds", "finding_list", "history", "similar", "holds"],
  "properties": {
    "holds": {"type": ["array", "null"], "items": {"type": "string"},
              "description": "The ids of the active holds that are about it; null for roles that are not told of holds."},
    "kinds": {"type": "array", "description": "Of its findings, by subject: the rarest first, at most 100.",
      "items": {"type": "object",
        "required": ["subject", "findings", "probability", "first_at", "last_at"]}},
    "finding_list": {"allOf": [{"$ref": "#/components/schemas/ListedFindings"}],
      "description": "Kind after kind in the order of `kinds`, of one kind the newest first: the first 100."},
    "history": {"type": "array", "items": {"type": "object",
      "required": ["at", "actor", "what", "detail"]}},
    "similar": {"type": "array", "items": {"type": "object",
      "required": ["id", "title", "state", "verdict", "resolved_at", "why"]}}}}]},
"ListedFindings": {"type": "array", "items": {"type": "object",
  "required": ["id", "sender", "subject", "recipient", "probability", "route", "event_time",
               "decided_at", "joined_by", "suppressed_by"]}},
"CaseFindings": {"type": "object", "required": ["findings"],
  "properties": {"findings": {"$ref": "#/components/schemas/ListedFindings"}}},
"Queue": {"type": "object", "required": ["cases", "next", "total", "counts"],
  "properties": {
    "cases": {"type": "array", "items": {"$ref": "#/components/schemas/Case"}},
    "next": {"type": ["string", "null"],
             "description": "The `cursor` of the next page; null on the last."},
    "total": {"type": "integer", "minimum": 0},
    "counts": {"type": "object",
      "required": ["new", "in_progress", "snoozed", "resolved", "mine", "overdue"],
      "additionalProperties": {"type": "integer", "minimum": 0}}}},
"CaseChange": {"type": "object", "additionalProperties": false,
  "properties": {
    "state": {"type": "string", "enum": ["new", "in_progress", "resolved"]},
    "owner": {"oneOf": [{"type": "string", "minLength": 1, "maxLength": 64}, {"type": "null"}],
              "description": "A name, `me`, or null: nobody's."},
    "snoozed_until": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}],
                      "description": "In the future. Null wakes it."}}},
"Note": {"type": "object", "required": ["text"], "additionalProperties": false,
  "properties": {"text": {"type": "string", "minLength": 1, "maxLength": 8000,
    "description": "Without control characters; at most 8000 bytes of UTF-8."}}},
"CaseVerdict": {"type": "object", "required": ["verdict", "reason"], "additionalProperties": false,
  "properties": {
    "verdict": {"$ref": "#/components/schemas/VerdictKind"},
    "reason": {"type": "string", "minLength": 1, "maxLength": 1000},
    "scope": {"oneOf": [{"$ref": "#/components/schemas/SuppressionScope"}, {"type": "null"}],
              "description": "Of a benign positive: what need not be told again. By sender only of a case with mail. An analyst's is one sender, for 30 days at most."},
    "expires": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}]}}},
"CaseChanges": {"type": "object", "required": ["ids"], "additionalProperties": false,
  "properties": {
    "ids": {"type": "array", "minItems": 1, "maxItems": 500, "items": {"type": "string"}},
    "change": {"oneOf": [{"$ref": "#/components/schemas/CaseChange"}, {"type": "null"}]},
    "verdict": {"oneOf": [{"$ref": "#/components/schemas/CaseVerdict"}, {"type": "null"}]}}},
"CaseResults": {"type": "object", "required": ["results"],
  "properties": {"results": {"type": "array", "items": {"type": "object",
    "required": ["id", "status", "detail"]}}}})json";

std::vector<Parameter> queue_parameters() {
  return {
      {"state", "open is new and in progress (default: open)",
       R"({"type":"string","enum":["open","new","in_progress","snoozed","resolved","all"]})"},
      {"owner", "whose: me, nobody, or a name", R"({"type":"string","maxLength":64})"},
      {"severity", "only this severity",
       R"({"type":"string","enum":["critical","high","medium","low"]})"},
      {"domain", "only with findings of this domain", R"({"$ref":"#/components/schemas/Domain"})"},
      {"q",
       "words of sender, recipients, subject, reasons, notes, of hosts, users, addresses, "
       "indicators and techniques: all of them",
       R"({"type":"string","maxLength":320})"},
      {"sort", "the order (default: urgency)",
       R"({"type":"string","enum":["urgency","newest","due"]})"},
      {"limit", "at most so many (default: 100)",
       R"({"type":"integer","minimum":1,"maximum":500,"default":100})"},
      {"cursor", "the `next` of the page before",
       R"({"type":"string","maxLength":100,"pattern":"^((urgency|newest|due):-?[0-9]{1,18}:[0-9]{1,18})?$"})"}};
}

std::vector<Parameter> finding_parameters() {
  return {{"offset", "behind so many (default: 0)",
           R"({"type":"integer","minimum":0,"maximum":1000000000,"default":0})"},
          {"limit", "at most so many (default: 100)",
           R"({"type":"integer","minimum":1,"maximum":500,"default":100})"}};
}

// What people do with one case.
Route change(http::Method method, std::string_view pattern, void (*perform)(Call&),
             std::string_view body_schema, std::string_view summary) {
  return {.method = method,
          .pattern = pattern,
          .roles = kWorkTheQueue,
          .perform = perform,
          .body_bytes = kJsonBytes,
          .body_type = kJsonType,
          .body_schema = body_schema,
          .answer_schema = "CaseDetail",
          .statuses = {200, 400, 404, 409, 412, 503, 507},
          .summary = summary};
}

}  // namespace

RouteGroup case_routes() {
  using http::Method;
  Route bulk = change(Method::Post, "/v1/cases/bulk", change_cases, "CaseChanges",
                      "The same for many cases, each with a result of its own");
  bulk.answer_schema = "CaseResults";
  return {
      .routes = {{.method = Method::Get,
                  .pattern = "/v1/queue",
                  .roles = kPeople,
                  .perform = list_queue,
                  .answer_schema = "Queue",
                  .statuses = {200, 400, 503},
                  .summary = "Cases, most urgent first, page by page",
                  .parameters = queue_parameters()},
                 {.method = Method::Get,
                  .pattern = "/v1/cases/{id}",
                  .roles = kPeople,
                  .perform = get_case,
                  .answer_schema = "CaseDetail",
                  .statuses = {200, 400, 404, 503},
                  .summary = "A case with its findings, its history and similar ones"},
                 {.method = Method::Get,
                  .pattern = "/v1/cases/{id}/findings",
                  .roles = kPeople,
                  .perform = list_case_findings,
                  .answer_schema = "CaseFindings",
                  .statuses = {200, 400, 404, 503},
                  .summary = "Findings of a case, in the order of its finding_list",
                  .parameters = finding_parameters()},
                 change(Method::Patch, "/v1/cases/{id}", change_case, "CaseChange",
                        "Changes state, owner or snooze; If-Match takes the case's ETag"),
                 change(Method::Post, "/v1/cases/{id}/notes", note_on_case, "Note", "Adds a note"),
                 change(Method::Post, "/v1/cases/{id}/verdict", judge_case, "CaseVerdict",
                        "Says what the case was, and resolves it"),
                 std::move(bulk)},
      .schemas = kSchemas};
}

}  // namespace winnow::server
