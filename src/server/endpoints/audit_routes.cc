#include "server/endpoints/audit_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

// Who answers for the record.
constexpr RoleSet kVerifiers = {Role::Auditor, Role::Admin};

constexpr std::string_view kSchemas = R"json(
"AuditEntry": {"type": "object",
  "required": ["index", "time", "actor", "action", "subject", "details"],
  "properties": {
    "index": {"type": "integer", "minimum": 0, "description": "Its place in the log."},
    "time": {"type": "string", "format": "date-time"},
    "actor": {"type": "string"},
    "action": {"type": "string", "description": "Noun dot past participle: case.resolved."},
    "subject": {"type": "string", "description": "Of what: an id."},
    "details": {"type": "object"}}},
"AuditEntryDetail": {"allOf": [{"$ref": "#/components/schemas/AuditEntry"}, {"type": "object",
  "required": ["canonical", "size"],
  "properties": {
    "canonical": {"type": "string", "description": "RFC 8785: the bytes that are hashed."},
    "size": {"type": "integer", "minimum": 1, "description": "Of the log, in entries."}}}]},
"AuditPage": {"type": "object", "required": ["entries", "next", "size", "searched"],
  "properties": {
    "entries": {"type": "array", "items": {"$ref": "#/components/schemas/AuditEntry"}},
    "next": {"type": ["string", "null"],
      "description": "The `cursor` of the next page; null at the beginning of the log. A page reads a bounded part of the log: it may be empty and still have a next one."},
    "size": {"type": "integer", "minimum": 0, "description": "Of the log, in entries."},
    "searched": {"type": "object", "required": ["from", "to"],
      "description": "The newest and the oldest entry that this page looked at.",
      "properties": {"from": {"type": ["integer", "null"]}, "to": {"type": "integer"}}}}},
"VerificationWish": {"type": "object", "additionalProperties": false,
  "properties": {"known": {"type": "array", "maxItems": 16, "items": {"type": "string"},
    "description": "Checkpoints that were kept elsewhere: the log must have grown from each."}}},
"Verification": {"type": "object",
  "required": ["verified", "entries", "checkpoints", "known_checkpoints", "origin", "root",
               "findings", "at", "took_ms"],
  "properties": {
    "verified": {"type": "boolean"},
    "entries": {"type": "integer", "minimum": 0,
                "description": "Proven by a signed checkpoint."},
    "checkpoints": {"type": "integer", "minimum": 0},
    "known_checkpoints": {"type": "integer", "minimum": 0},
    "origin": {"type": "string"},
    "root": {"type": "string", "description": "Of the Merkle tree, base64."},
    "findings": {"type": "array", "items": {"type": "object",
      "required": ["what", "entry", "unchanged_until"],
      "properties": {
        "what": {"type": "string", "description": "In plain words."},
        "entry": {"type": ["integer", "null"], "description": "The first one concerned."},
        "unchanged_until": {"type": ["string", "null"], "format": "date-time",
          "description": "The time of the last entry that is proven unchanged."}}}},
    "at": {"type": "string", "format": "date-time"},
    "took_ms": {"type": "number", "minimum": 0}}})json";

constexpr std::string_view kIndex = R"({"type":"integer","minimum":0,"maximum":9007199254740991})";
constexpr std::string_view kTime = R"({"type":"string","format":"date-time"})";
constexpr std::string_view kText = R"({"type":"string","maxLength":320})";

std::vector<Parameter> search_parameters() {
  return {{"q", "words, all of them anywhere in the entry", kText},
          {"action", "only this action (case.resolved), or all of a noun (case)", kText},
          {"actor", "only what this one did", kText},
          {"since", "at or after this time", kTime},
          {"until", "before this time", kTime},
          {"limit", "at most so many (default: 50)",
           R"({"type":"integer","minimum":1,"maximum":200,"default":50})"},
          {"cursor", "the `next` of the page before",
           R"({"type":"string","maxLength":18,"pattern":"^[0-9]+$"})"}};
}

Route reading(std::string_view pattern, void (*perform)(Call&), std::string_view summary) {
  return {.method = http::Method::Get,
          .pattern = pattern,
          .roles = kPeople,
          .perform = perform,
          .answer_type = "text/plain",
          .statuses = {200, 503},
          .summary = summary};
}

}  // namespace

RouteGroup audit_routes() {
  Route list = reading("/v1/audit", list_audit, "Who changed what, when and why, newest first");
  list.answer_type = kJsonType;
  list.answer_schema = "AuditPage";
  list.parameters = search_parameters();
  Route entry =
      reading("/v1/audit/{index}", get_audit_entry, "One entry, with the bytes as hashed");
  entry.answer_type = kJsonType;
  entry.answer_schema = "AuditEntryDetail";
  entry.variable_schema = kIndex;
  Route proof =
      reading("/v1/audit/{index}/proof", prove_audit_entry,
              "A proof that the entry is in the log (C2SP tlog-proof), for verifiers that "
              "know nothing of Winnow");
  proof.variable_schema = kIndex;
  entry.statuses = proof.statuses = {200, 400, 404, 503};
  return {
      .routes = {std::move(list),
                 std::move(entry),
                 std::move(proof),
                 reading("/v1/audit/checkpoint", get_checkpoint,
                         "The latest signed checkpoint (C2SP tlog-checkpoint): keep it elsewhere"),
                 reading("/v1/audit/keys", get_verifier_keys,
                         "The public keys that verify checkpoints, one a line, as signed-note "
                         "verifiers take them"),
                 {.method = http::Method::Post,
                  .pattern = "/v1/audit/verify",
                  .roles = kVerifiers,
                  .perform = verify_audit,
                  .body_bytes = kJsonBytes,
                  .body_type = kJsonType,
                  .body_schema = "VerificationWish",
                  .answer_schema = "Verification",
                  .statuses = {200, 400, 404, 503},
                  .summary = "Reads the whole log and says what was checked, and what is wrong "
                             "since when; one at a time"}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
