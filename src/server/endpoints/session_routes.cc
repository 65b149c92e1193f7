#include "server/endpoints/session_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"SignIn": {"type": "object", "required": ["token"], "additionalProperties": false,
  "properties": {"token": {"type": "string", "maxLength": 200}}},
"Me": {"type": "object", "required": ["name", "role", "csrf", "workspace", "expires_at"],
  "properties": {
    "name": {"type": "string"},
    "role": {"$ref": "#/components/schemas/Role"},
    "csrf": {"type": ["string", "null"],
             "description": "What X-Winnow-CSRF must say; null without a session."},
    "workspace": {"type": "string"},
    "expires_at": {"type": ["string", "null"], "format": "date-time",
                   "description": "Of a session: unless it is used before."}}},
"SessionList": {"type": "object", "required": ["sessions"],
  "properties": {"sessions": {"type": "array", "description": "By name.", "items": {"type": "object",
    "required": ["id", "name", "role", "by_provider", "opened", "used", "ends"],
    "properties": {
      "id": {"type": "string", "description": "Of the token, or of the provider's person."},
      "name": {"type": "string"},
      "role": {"$ref": "#/components/schemas/Role"},
      "by_provider": {"type": "boolean", "description": "An identity provider vouched for them."},
      "opened": {"type": "string", "format": "date-time"},
      "used": {"type": "string", "format": "date-time"},
      "ends": {"type": "string", "format": "date-time",
               "description": "Unless it is used before."}}}}}},
"SessionsEnded": {"type": "object", "required": ["id", "name", "ended"],
  "properties": {
    "id": {"type": "string"}, "name": {"type": "string"},
    "ended": {"type": "integer", "description": "How many there were."}}},
"PeopleList": {"type": "object", "required": ["people"],
  "properties": {"people": {"type": "array", "items": {"type": "object",
    "required": ["name", "role"],
    "properties": {"name": {"type": "string"}, "role": {"$ref": "#/components/schemas/Role"}}}}}})json";

}  // namespace

RouteGroup session_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Post,
                      .pattern = "/v1/session",
                      .roles = {},
                      .perform = open_session,
                      .body_bytes = kJsonBytes,
                      .body_type = kJsonType,
                      .body_schema = "SignIn",
                      .answer_schema = "Me",
                      .statuses = {200, 400, 401, 403, 429, 503, 507},
                      .summary = "Signs in: a token becomes a session, which a cookie carries"},
                     {.method = Method::Delete,
                      .pattern = "/v1/session",
                      .roles = kPeople,
                      .perform = close_session,
                      .statuses = {204, 409, 503, 507},
                      .summary = "Signs out"},
                     {.method = Method::Get,
                      .pattern = "/v1/me",
                      .roles = kAnyRole,
                      .perform = tell_who,
                      .answer_schema = "Me",
                      .statuses = {200},
                      .summary = "Who asks"},
                     {.method = Method::Get,
                      .pattern = "/v1/sessions",
                      .roles = {Role::Admin, Role::Auditor},
                      .perform = list_sessions,
                      .answer_schema = "SessionList",
                      .statuses = {200},
                      .summary = "Who is signed in to the console"},
                     {.method = Method::Delete,
                      .pattern = "/v1/sessions/{name}",
                      .roles = {Role::Admin},
                      .perform = end_sessions,
                      .answer_schema = "SessionsEnded",
                      .statuses = {200, 404, 409, 503, 507},
                      .summary = "Signs somebody out everywhere, by name or id; on record"},
                     {.method = Method::Get,
                      .pattern = "/v1/people",
                      .roles = kWorkTheQueue,
                      .perform = list_people,
                      .answer_schema = "PeopleList",
                      .statuses = {200},
                      .summary = "Who may own a case: by a valid token, or signed in now"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
