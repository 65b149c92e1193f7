#include "server/endpoints/identity_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"IdentityEvidence": {"type": "object", "required": ["event", "says", "at", "known_at"],
  "properties": {
    "event": {"type": ["string", "null"], "description": "SHA-256 of the record."},
    "says": {"enum": ["seen", "begins", "ends"]},
    "at": {"type": "string", "format": "date-time"},
    "known_at": {"type": "string", "format": "date-time", "description": "When it arrived."}}},
"IdentitySpan": {"type": "object",
  "required": ["relation", "user", "host", "address", "witness", "strength", "from", "until",
               "ending", "told", "hardware", "contradicted_by", "evidence"],
  "properties": {
    "relation": {"enum": ["address of host", "user on host", "user from address"]},
    "user": {"type": ["string", "null"]},
    "host": {"type": ["string", "null"]},
    "address": {"type": ["string", "null"]},
    "witness": {"type": "string", "description": "What kind of event says so: docs/identity.md."},
    "strength": {"enum": ["weak", "fair", "strong"]},
    "from": {"type": "string", "format": "date-time"},
    "until": {"type": "string", "format": "date-time", "description": "No longer then."},
    "ending": {"enum": ["assumed", "told", "superseded"],
      "description": "Assumed: so long do such sightings hold. Superseded: the address was leased to another."},
    "told": {"type": "array", "items": {"type": "string"}, "description": "The host as logs spell it."},
    "hardware": {"type": ["string", "null"], "description": "The host's hardware address."},
    "contradicted_by": {"type": "array", "items": {"type": "string"},
      "description": "Other hosts that are said to have the address at a time within."},
    "evidence": {"type": "array", "items": {"$ref": "#/components/schemas/IdentityEvidence"}}}},
"Identities": {"type": "object",
  "required": ["kind", "key", "at", "known_by", "direct", "through", "more", "taken_in"],
  "properties": {
    "kind": {"enum": ["user", "host", "address"]},
    "key": {"type": "string"},
    "at": {"type": ["string", "null"], "format": "date-time"},
    "known_by": {"type": ["string", "null"], "format": "date-time"},
    "direct": {"type": "array", "items": {"$ref": "#/components/schemas/IdentitySpan"},
      "description": "At a moment strongest first, else latest first."},
    "through": {"type": "array", "items": {"$ref": "#/components/schemas/IdentitySpan"},
      "description": "At a moment: users of the address's hosts, or addresses of the user's."},
    "more": {"type": "boolean"},
    "taken_in": {"type": "integer", "minimum": 0,
      "description": "Up to which event, in the order of arrival, this is known."}}},
"FindingIdentities": {"type": "object", "required": ["at", "answers", "assets"],
  "properties": {
    "at": {"type": "string", "format": "date-time", "description": "The time of the event."},
    "answers": {"type": "array", "items": {"$ref": "#/components/schemas/Identities"},
      "description": "About those that the event names, at most 8, where anything is known."},
    "assets": {"type": "array", "items": {"$ref": "#/components/schemas/Asset"},
      "description": "What the newest list of assets says of all of them, at most 20."}}})json";

constexpr std::string_view kName = R"({"type":"string","minLength":1,"maxLength":320})";
constexpr std::string_view kTime = R"({"type":"string","format":"date-time"})";

Parameter known_by() { return {"known_by", "only from what had arrived by then", kTime}; }

}  // namespace

RouteGroup identity_routes() {
  return {
      .routes = {{.method = http::Method::Get,
                  .pattern = "/v1/identities",
                  .roles = kWorkTheQueue,
                  .perform = get_identities,
                  .answer_schema = "Identities",
                  .statuses = {200, 400, 503},
                  .summary = "Who was where: of one address, host or user",
                  .parameters = {{"address", "an IP address", kName},
                                 {"host", "a machine's name", kName},
                                 {"user", "a person's account", kName},
                                 {"at", "at that moment; without it: whenever", kTime},
                                 known_by(),
                                 {"limit", "at most so many of each (default: 50)",
                                  R"({"type":"integer","minimum":1,"maximum":500,"default":50})"}}},
                 {.method = http::Method::Get,
                  .pattern = "/v1/findings/{id}/identities",
                  .roles = kWorkTheQueue,
                  .perform = get_finding_identities,
                  .answer_schema = "FindingIdentities",
                  .statuses = {200, 400, 404, 409, 503},
                  .summary = "Who was where, when a finding's event happened",
                  .parameters = {known_by()},
                  .variable_schema = kDecisionIdSchema}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
