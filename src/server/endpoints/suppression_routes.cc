#include "server/endpoints/suppression_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"SuppressionScope": {"type": "object", "required": ["kind", "value"], "additionalProperties": false,
  "properties": {
    "kind": {"type": "string", "enum": ["sender", "sender_domain", "campaign"]},
    "value": {"type": "string", "minLength": 1, "maxLength": 320,
              "description": "A mailbox, a domain with all below it, or a case's id. The first two cover mail alone."},
    "escalations": {"type": "boolean",
                    "description": "Whether what would be escalated is silent, too."}}},
"NewSuppression": {"type": "object", "required": ["scope", "reason"], "additionalProperties": false,
  "properties": {
    "scope": {"$ref": "#/components/schemas/SuppressionScope"},
    "reason": {"type": "string", "minLength": 1, "maxLength": 1000},
    "expires": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}]}}},
"Suppression": {"type": "object",
  "required": ["id", "scope", "reason", "by", "created_at", "expires_at", "hits", "last_hit_at",
               "revoked_at"],
  "properties": {
    "id": {"type": "string", "pattern": "^s-[0-9a-f]+$"},
    "scope": {"$ref": "#/components/schemas/SuppressionScope"},
    "reason": {"type": "string"},
    "by": {"type": "string"},
    "created_at": {"type": "string", "format": "date-time"},
    "expires_at": {"type": ["string", "null"], "format": "date-time"},
    "hits": {"type": "integer", "minimum": 0},
    "last_hit_at": {"type": ["string", "null"], "format": "date-time"},
    "revoked_at": {"type": ["string", "null"], "format": "date-time"}}},
"SuppressionList": {"type": "object", "required": ["suppressions"],
  "properties": {
    "suppressions": {"type": "array", "items": {"$ref": "#/components/schemas/Suppression"}}}})json";

}  // namespace

RouteGroup suppression_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/v1/suppressions",
                      .roles = kPeople,
                      .perform = list_suppressions,
                      .answer_schema = "SuppressionList",
                      .statuses = {200, 503},
                      .summary = "What nobody needs to be told of, newest first"},
                     {.method = Method::Post,
                      .pattern = "/v1/suppressions",
                      .roles = {Role::Senior, Role::Admin},
                      .perform = create_suppression,
                      .body_bytes = kJsonBytes,
                      .body_type = kJsonType,
                      .body_schema = "NewSuppression",
                      .answer_schema = "Suppression",
                      .statuses = {201, 400, 404, 503, 507},
                      .summary = "Keeps findings of a scope out of the queue, on record"},
                     {.method = Method::Delete,
                      .pattern = "/v1/suppressions/{id}",
                      .roles = {Role::Senior, Role::Admin},
                      .perform = revoke_suppression,
                      .answer_schema = "Suppression",
                      .statuses = {200, 404, 409, 503, 507},
                      .summary = "Ends a suppression"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
