#include "server/endpoints/hold_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

// A hold stops what the law may ask for, and names whom it is about: it takes who answers for the
// data. Who works the queue neither needs nor is told of it.
constexpr RoleSet kWhoHolds = {Role::Admin};

constexpr std::string_view kSchemas = R"json(
"HoldScope": {"type": "object", "additionalProperties": false, "minProperties": 1,
  "description": "What fits all that is there; something must be.",
  "properties": {
    "case": {"oneOf": [{"type": "string", "pattern": "^c-[0-9a-f]{24}$"}, {"type": "null"}],
             "description": "The mails of its findings."},
    "mailbox": {"oneOf": [{"type": "string", "minLength": 3, "maxLength": 320}, {"type": "null"}],
                "description": "Mails from it or to it."},
    "from": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}],
             "description": "Mails that came at or after it."},
    "until": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}],
              "description": "Mails that came before it."}}},
"NewHold": {"type": "object", "required": ["scope", "reason"], "additionalProperties": false,
  "properties": {
    "scope": {"$ref": "#/components/schemas/HoldScope"},
    "reason": {"type": "string", "minLength": 1, "maxLength": 1000}}},
"Hold": {"type": "object",
  "required": ["id", "scope", "reason", "by", "placed_at", "released_at", "released_by"],
  "properties": {
    "id": {"type": "string", "pattern": "^h-[0-9a-f]+$"},
    "scope": {"type": "object", "required": ["case", "mailbox", "from", "until"]},
    "reason": {"type": "string"},
    "by": {"type": "string"},
    "placed_at": {"type": "string", "format": "date-time"},
    "released_at": {"type": ["string", "null"], "format": "date-time"},
    "released_by": {"type": ["string", "null"]}}},
"HoldList": {"type": "object", "required": ["holds"],
  "properties": {
    "holds": {"type": "array", "items": {"$ref": "#/components/schemas/Hold"}}}})json";

}  // namespace

RouteGroup hold_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/v1/holds",
                      .roles = kReadHolds,
                      .perform = list_holds,
                      .answer_schema = "HoldList",
                      .statuses = {200, 503},
                      .summary = "What is kept whatever its age, newest first"},
                     {.method = Method::Post,
                      .pattern = "/v1/holds",
                      .roles = kWhoHolds,
                      .perform = place_hold,
                      .body_bytes = kJsonBytes,
                      .body_type = kJsonType,
                      .body_schema = "NewHold",
                      .answer_schema = "Hold",
                      .statuses = {201, 400, 409, 503, 507},
                      .summary = "Keeps mails from being removed, on record"},
                     {.method = Method::Delete,
                      .pattern = "/v1/holds/{id}",
                      .roles = kWhoHolds,
                      .perform = release_hold,
                      .answer_schema = "Hold",
                      .statuses = {200, 404, 409, 503, 507},
                      .summary = "Ends a hold; it stays on record"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
