#include "server/endpoints/lineage_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Lineage": {"type": "object", "required": ["start", "nodes", "edges"],
  "properties": {
    "start": {"type": "string", "description": "The node that was asked for."},
    "nodes": {"type": "array", "maxItems": 300, "items": {"type": "object",
      "required": ["id", "kind", "name", "at", "facts"],
      "properties": {
        "id": {"type": "string"},
        "kind": {"type": "string",
          "description": "decision, event, promotion, bundle, run, code, or the kind of an artifact: model, feature_set, data_set, intel_snapshot, ..."},
        "name": {"type": "string", "description": "Of a decision: the subject as sent, hostile text."},
        "at": {"type": ["string", "null"], "format": "date-time"},
        "facts": {"type": "object"}}}},
    "edges": {"type": "array", "items": {"type": "object", "required": ["from", "to", "how"],
      "description": "From what came of something to what it came of.",
      "properties": {
        "from": {"type": "string"}, "to": {"type": "string"},
        "how": {"type": "string", "description": "In plain words: decided by, holds, made by."}}}}}})json";

constexpr std::string_view kId =
    R"({"type":"string","pattern":"^([dbr]-[0-9a-f]{1,64}|[0-9a-f]{64})$"})";

}  // namespace

RouteGroup lineage_routes() {
  return {.routes = {{.method = http::Method::Get,
                      .pattern = "/v1/lineage/{id}",
                      .roles = kPeople,
                      .perform = get_lineage,
                      .answer_schema = "Lineage",
                      .statuses = {200, 400, 404, 409, 503},
                      .summary = "Where a decision, bundle, run or artifact comes from, back to "
                                 "data and code",
                      .variable_schema = kId}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
