#include "server/endpoints/bundle_endpoints.h"
#include "server/endpoints/deployment_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

// An engineer makes bundles; another one lets them decide.
constexpr RoleSet kPromoters = {Role::Senior, Role::Admin};

constexpr std::string_view kSchemas = R"json(
"Promotion": {"type": "object",
  "required": ["domain", "champion", "before", "at", "actor", "reason", "rollback", "took_effect",
               "audit_entry"],
  "properties": {
    "domain": {"type": "string"},
    "champion": {"type": "string", "pattern": "^b-[0-9a-f]{64}$"},
    "before": {"type": ["string", "null"], "description": "The champion that it replaced."},
    "at": {"type": "string", "format": "date-time"},
    "actor": {"type": "string"},
    "reason": {"type": "string"},
    "rollback": {"type": "boolean"},
    "took_effect": {"type": ["string", "null"], "format": "date-time",
      "description": "When it began to decide, where it waited for its entity states; null: at once, it waits still (next in /v1/status), or another took its place before."},
    "audit_entry": {"type": "integer", "description": "Its place in the audit log."}}},
"PromotionList": {"type": "object", "required": ["history"],
  "properties": {"history": {"type": "array",
    "items": {"$ref": "#/components/schemas/Promotion"},
    "description": "Newest first: the first one's champion decides, or waits for its states."}}},
"BundleList": {"type": "object", "required": ["bundles"],
  "properties": {"bundles": {"type": "array", "maxItems": 100, "items": {"type": "object",
    "required": ["id", "domain", "created", "actor", "run", "champion", "artifacts"],
    "properties": {
      "id": {"type": "string", "pattern": "^b-[0-9a-f]{64}$"},
      "run": {"type": ["string", "null"], "description": "That made its model."},
      "champion": {"type": "boolean", "description": "It decides now."},
      "artifacts": {"type": "array", "items": {"type": "object",
        "required": ["kind", "name", "digest"]}}}}}}},
"PromotionPlan": {"type": "object", "required": ["domain", "champion", "before", "holds", "checks"],
  "properties": {
    "domain": {"type": "string"},
    "champion": {"type": "string", "description": "That would decide."},
    "before": {"type": ["string", "null"], "description": "That decides now."},
    "holds": {"type": "boolean", "description": "Every check does."},
    "checks": {"type": "array", "items": {"type": "object", "required": ["name", "holds", "doubtful", "detail"],
      "properties": {"name": {"type": "string"}, "holds": {"type": "boolean"},
                     "doubtful": {"type": "boolean", "description": "It holds, and the detail says what speaks against it."},
                     "detail": {"type": "string", "description": "What was found."}}}}}},
"PromotionWish": {"type": "object", "required": ["bundle", "reason"], "additionalProperties": false,
  "properties": {
    "bundle": {"type": "string", "description": "Its id, or a unique beginning of it."},
    "reason": {"type": "string", "minLength": 1, "maxLength": 1000}}},
"RollbackWish": {"type": "object", "required": ["reason"], "additionalProperties": false,
  "properties": {"reason": {"type": "string", "minLength": 1, "maxLength": 1000}}})json";

}  // namespace

RouteGroup deployment_routes() {
  using http::Method;
  return {.routes = {{.method = Method::Get,
                      .pattern = "/v1/deployments/{domain}",
                      .roles = kPeople,
                      .perform = list_deployments,
                      .answer_schema = "PromotionList",
                      .statuses = {200, 503},
                      .summary = "Which bundles decided for a domain, newest first"},
                     {.method = Method::Get,
                      .pattern = "/v1/deployments/{domain}/bundles",
                      .roles = kPeople,
                      .perform = list_bundles,
                      .answer_schema = "BundleList",
                      .statuses = {200, 503},
                      .summary = "What could decide for a domain, newest first"},
                     {.method = Method::Get,
                      .pattern = "/v1/deployments/{domain}/plan",
                      .roles = kPeople,
                      .perform = plan_deployment,
                      .answer_schema = "PromotionPlan",
                      .statuses = {200, 400, 404, 409, 503},
                      .summary = "What a promotion would change, or a rollback where no bundle is "
                                 "named, and every check; changes nothing",
                      .parameters = {{"bundle", "its id, or a unique beginning of it",
                                      R"({"type":"string","maxLength":66})"}}},
                     {.method = Method::Post,
                      .pattern = "/v1/deployments/{domain}/promote",
                      .roles = kPromoters,
                      .perform = promote_bundle,
                      .body_bytes = kJsonBytes,
                      .body_type = kJsonType,
                      .body_schema = "PromotionWish",
                      .answer_schema = "Promotion",
                      .statuses = {200, 400, 404, 409, 503, 507},
                      .summary = "Makes a bundle the one that decides, from the next batch on"},
                     {.method = Method::Post,
                      .pattern = "/v1/deployments/{domain}/rollback",
                      .roles = kPromoters,
                      .perform = roll_back,
                      .body_bytes = kJsonBytes,
                      .body_type = kJsonType,
                      .body_schema = "RollbackWish",
                      .answer_schema = "Promotion",
                      .statuses = {200, 400, 404, 409, 503, 507},
                      .summary = "Goes back to the champion before"}},
          .schemas = kSchemas};
}

}  // namespace winnow::server
