#include "server/endpoints/token_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Token": {"type": "object",
  "required": ["id", "name", "role", "created", "actor", "expires", "revoked"],
  "properties": {
    "id": {"type": "string", "pattern": "^t-[0-9a-f]{12}$"},
    "name": {"type": "string"},
    "role": {"$ref": "#/components/schemas/Role"},
    "created": {"type": "string", "format": "date-time"},
    "actor": {"type": "string", "description": "Who made it."},
    "expires": {"type": ["string", "null"], "format": "date-time"},
    "revoked": {"type": ["string", "null"], "format": "date-time"},
    "token": {"type": "string", "description": "In the answer that made it, and never again."}}},
"Role": {"type": "string",
  "enum": ["analyst", "senior", "engineer", "admin", "auditor", "sensor"]},
"NewToken": {"type": "object", "required": ["name", "role"], "additionalProperties": false,
  "properties": {
    "name": {"type": "string", "pattern": "^[a-z0-9._-]{1,64}$"},
    "role": {"$ref": "#/components/schemas/Role"},
    "expires": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}],
                "description": "In the future. Absent: in 90 days; null: never."}}},
"TokenList": {"type": "object", "required": ["tokens"],
  "properties": {"tokens": {"type": "array", "items": {"$ref": "#/components/schemas/Token"}}}})json";

}  // namespace

RouteGroup token_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/v1/tokens",
                      .roles = {Role::Admin, Role::Auditor},
                      .perform = list_tokens,
                      .answer_schema = "TokenList",
                      .statuses = {200, 503},
                      .summary = "Every token, never its secret"},
                     {.method = Method::Post,
                      .pattern = "/v1/tokens",
                      .roles = {Role::Admin},
                      .perform = create_token,
                      .body_bytes = kJsonBytes,
                      .body_type = kJsonType,
                      .body_schema = "NewToken",
                      .answer_schema = "Token",
                      .statuses = {201, 400, 409, 503, 507},
                      .summary = "Makes a token, on record, and shows it once"},
                     {.method = Method::Delete,
                      .pattern = "/v1/tokens/{name}",
                      .roles = {Role::Admin},
                      .perform = revoke_token,
                      .answer_schema = "Token",
                      .statuses = {200, 404, 409, 503, 507},
                      .summary = "Refuses a token, by name or id, from now on; its sessions end"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
