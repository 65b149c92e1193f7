#include "server/endpoints/asset_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Asset": {"type": "object", "additionalProperties": false, "required": ["kind", "name"],
  "properties": {
    "kind": {"enum": ["user", "host", "network"]},
    "name": {"type": "string", "minLength": 1, "maxLength": 320,
      "description": "A user's mail address, a host's name, an address or block."},
    "criticality": {"enum": ["low", "medium", "high", "critical", null]},
    "owner": {"type": ["string", "null"], "maxLength": 200},
    "department": {"type": ["string", "null"], "maxLength": 200},
    "purpose": {"type": ["string", "null"], "maxLength": 200},
    "tags": {"type": "array", "maxItems": 32,
      "items": {"type": "string", "pattern": "^[a-z0-9_-]{1,60}$"}},
    "aliases": {"type": "array", "maxItems": 32, "items": {"type": "string", "maxLength": 320}},
    "since": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}]},
    "until": {"oneOf": [{"$ref": "#/components/schemas/Time"}, {"type": "null"}]}}},
"NewAssets": {"type": "object", "required": ["assets"], "additionalProperties": false,
  "properties": {"assets": {"type": "array", "maxItems": 20000,
    "items": {"$ref": "#/components/schemas/Asset"}}}},
"Assets": {"type": "object", "required": ["assets", "snapshot", "since"],
  "properties": {
    "assets": {"type": "array", "items": {"$ref": "#/components/schemas/Asset"}},
    "snapshot": {"type": ["string", "null"],
      "description": "SHA-256 of the intel snapshot that they are part of; null without assets."},
    "since": {"type": ["string", "null"], "format": "date-time",
      "description": "When that was made."}}})json";

constexpr std::size_t kListBytes = 16UL << 20;

}  // namespace

RouteGroup asset_routes() {
  return {.routes = {{.method = http::Method::Get,
                      .pattern = "/v1/assets",
                      .roles = kPeople,
                      .perform = get_assets,
                      .answer_schema = "Assets",
                      .statuses = {200, 304, 400, 503},
                      .summary = "Hosts, users and networks: how critical, and whose"},
                     {.method = http::Method::Put,
                      .pattern = "/v1/assets",
                      .roles = {Role::Engineer, Role::Admin},
                      .perform = put_assets,
                      .body_bytes = kListBytes,
                      .body_type = kJsonType,
                      .body_schema = "NewAssets",
                      .answer_schema = "Assets",
                      .statuses = {200, 400, 412, 503, 507},
                      .summary = "Replaces them, on record; bundles that are built from then on "
                                 "decide with them"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
