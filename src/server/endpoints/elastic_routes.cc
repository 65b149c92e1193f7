#include "server/endpoints/elastic_endpoints.h"
#include "server/endpoints/receiving.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

using http::Method;

constexpr std::string_view kSchemas = R"json(
"ElasticError": {"type": "object", "required": ["error", "status"],
  "description": "As Elasticsearch answers.",
  "properties": {
    "error": {"type": "object",
      "properties": {"type": {"type": "string"}, "reason": {"type": "string"}}},
    "status": {"type": "integer"}}},
"ElasticBulk": {"type": "object", "required": ["took", "errors", "items"],
  "description": "As Elasticsearch answers: item by item.",
  "properties": {
    "took": {"type": "integer"},
    "errors": {"type": "boolean"},
    "items": {"type": "array", "items": {"type": "object"}}}})json";

Route bulk(Method method, std::string_view pattern) {
  return {.method = method,
          .pattern = pattern,
          .roles = {Role::Sensor},
          .perform = receive_elastic_bulk,
          .body_bytes = kMaxEventsBytes,
          .body_type = "application/x-ndjson",
          .answer_schema = "ElasticBulk",
          .statuses = {200, 400, 503},
          .summary = "As Elasticsearch's bulk API: accepts rows, to be decided later",
          .also_types = {kJsonType},
          .dialect = &kElasticDialect};
}

}  // namespace

RouteGroup elastic_routes() {
  return {.routes = {{.method = Method::Get,
                      .pattern = "/",
                      .roles = {},
                      .perform = tell_elastic_info,
                      .statuses = {200},
                      .summary = "With an authorization field: what Elasticsearch's clients ask "
                                 "first. Without one: the console",
                      .also_answers = "text/html",
                      .dialect = &kElasticDialect},
                     // Its own clients use PUT.
                     bulk(Method::Post, "/_bulk"),
                     bulk(Method::Put, "/_bulk"),
                     bulk(Method::Post, "/{index}/_bulk"),
                     bulk(Method::Put, "/{index}/_bulk")},
          .schemas = kSchemas};
}

}  // namespace winnow::server
