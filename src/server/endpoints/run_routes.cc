#include "server/endpoints/run_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Estimate": {"type": "object", "required": ["value", "low", "high"],
  "description": "With its 95 % interval; null where it has no meaning.",
  "properties": {
    "value": {"type": ["number", "null"]},
    "low": {"type": ["number", "null"]},
    "high": {"type": ["number", "null"]}}},
"KeyFigures": {"type": "object",
  "properties": {
    "rows": {"type": "integer", "minimum": 0},
    "malicious": {"type": "integer", "minimum": 0},
    "average_precision": {"$ref": "#/components/schemas/Estimate"},
    "recall_at_fpr_0_1_percent": {"$ref": "#/components/schemas/Estimate"},
    "recall_at_fpr_1_percent": {"$ref": "#/components/schemas/Estimate"}}},
"RunSummary": {"type": "object",
  "required": ["id", "kind", "domain", "actor", "started", "ended", "status", "failure", "commit",
               "model", "metrics", "figures"],
  "properties": {
    "id": {"type": "string", "pattern": "^r-[0-9a-f]{16}$"},
    "kind": {"type": "string", "description": "train, evaluate, intel_import, model_import, ..."},
    "domain": {"type": "string"},
    "actor": {"type": "string"},
    "started": {"type": "string", "format": "date-time"},
    "ended": {"type": "string", "format": "date-time"},
    "status": {"type": "string", "enum": ["succeeded", "failed"]},
    "failure": {"type": "string", "description": "The error of a failed run; else empty."},
    "commit": {"type": "string"},
    "model": {"type": ["string", "null"], "description": "The digest of the model that it made."},
    "metrics": {"type": "object"},
    "figures": {"type": ["object", "null"], "required": ["model", "baseline"],
      "properties": {
        "model": {"$ref": "#/components/schemas/KeyFigures"},
        "baseline": {"oneOf": [{"$ref": "#/components/schemas/KeyFigures"}, {"type": "null"}]}}}}},
"RunPage": {"type": "object", "required": ["runs", "next"],
  "properties": {
    "runs": {"type": "array", "items": {"$ref": "#/components/schemas/RunSummary"}},
    "next": {"type": ["string", "null"],
             "description": "The `cursor` of the next page; null on the last."}}},
"Run": {"type": "object",
  "description": "The record, whose signature was verified: docs/formats/run.md.",
  "required": ["id", "kind", "domain", "actor", "code", "build_id", "data_set", "label_set",
               "feature_set", "intel_snapshot", "inputs", "outputs", "parameters", "seed",
               "environment", "metrics", "started", "ended", "status", "failure", "evaluation",
               "bundles", "policy"],
  "properties": {
    "policy": {"type": ["object", "null"], "required": ["bundle", "routes", "abstain"],
      "description": "The thresholds of the policy of the bundle that was evaluated, else of the newest that holds the run's model.",
      "properties": {
        "bundle": {"type": "string"},
        "routes": {"type": "array", "items": {"type": "object", "required": ["route", "from"]}},
        "abstain": {"type": ["object", "null"]}}},
    "evaluation": {"type": ["object", "null"],
      "description": "As the run stored it: figures, curve, calibration, slices, months, leak probes. docs/evaluation.md explains every number."},
    "bundles": {"type": "array", "description": "Those that hold what it made, newest first.",
      "items": {"type": "object", "required": ["id", "created"]}}}},
"RunDifference": {"type": "object", "required": ["before", "after", "changes"],
  "properties": {
    "before": {"type": "string"}, "after": {"type": "string"},
    "changes": {"type": "array", "items": {"type": "object",
      "required": ["field", "before", "after"],
      "properties": {
        "field": {"type": "string", "description": "Dotted: parameters.plan.trees."},
        "before": {"type": "string", "description": "Empty: absent."},
        "after": {"type": "string"}}}}}})json";

constexpr std::string_view kText = R"({"type":"string","maxLength":64})";

}  // namespace

RouteGroup run_routes() {
  using http::Method;
  return {
      .routes = {{.method = Method::Get,
                  .pattern = "/v1/runs",
                  .roles = kPeople,
                  .perform = list_runs,
                  .answer_schema = "RunPage",
                  .statuses = {200, 400, 503},
                  .summary = "Trainings, evaluations and imports, newest first, page by page",
                  .parameters = {{"kind",
                                  "only this kind: train, evaluate, intel_import, model_import",
                                  kText},
                                 {"domain", "only this domain", kText},
                                 {"limit", "at most so many (default: 50)",
                                  R"({"type":"integer","minimum":1,"maximum":100,"default":50})"},
                                 {"cursor", "the `next` of the page before", kText}}},
                 {.method = Method::Get,
                  .pattern = "/v1/runs/{id}",
                  .roles = kPeople,
                  .perform = get_run,
                  .answer_schema = "Run",
                  .statuses = {200, 400, 404, 409, 503},
                  .summary = "A run with its whole lineage, by its id or a unique beginning of it"},
                 {.method = Method::Get,
                  .pattern = "/v1/runs/{id}/diff",
                  .roles = kPeople,
                  .perform = compare_runs,
                  .answer_schema = "RunDifference",
                  .statuses = {200, 400, 404, 409, 503},
                  .summary = "In what two runs differ",
                  .parameters = {{"with", "the other run", kText, true}}}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
