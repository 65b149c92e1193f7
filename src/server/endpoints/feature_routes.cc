#include "server/endpoints/feature_endpoints.h"
#include "server/route_groups.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchemas = R"json(
"Features": {"type": "object",
  "required": ["domain", "bundle", "run", "feature_set", "has_model", "groups", "features"],
  "properties": {
    "domain": {"type": "string"},
    "bundle": {"type": ["string", "null"], "description": "The champion; null: nothing decides in the domain."},
    "run": {"type": ["string", "null"], "description": "That made its model."},
    "feature_set": {"type": ["string", "null"], "description": "Its digest."},
    "has_model": {"type": "boolean", "description": "False: its rules decide alone."},
    "groups": {"type": "array", "items": {"type": "object", "required": ["name", "title"]}},
    "features": {"type": "array", "description": "In the order of the vector, as their YAML declares them.",
      "items": {"type": "object",
        "required": ["name", "group", "unit", "meaning", "value", "when", "monotone", "pivot",
                     "high", "low", "missing", "in_model"],
        "properties": {
          "value": {"type": "string", "description": "Its expression."},
          "when": {"type": "string", "description": "Empty: always."},
          "monotone": {"type": "integer", "enum": [-1, 0, 1]},
          "in_model": {"type": "boolean", "description": "The champion's model takes it."}}}}}},
"FeatureValues": {"type": "object",
  "required": ["replayed", "unreadable", "rows", "whole", "stopped", "remembers_from", "sample",
               "features"],
  "properties": {
    "replayed": {"type": "integer", "minimum": 0, "description": "Events of the domain."},
    "unreadable": {"type": "integer", "minimum": 0},
    "rows": {"type": "integer", "minimum": 0, "description": "Of them those that were asked for."},
    "whole": {"type": "boolean",
      "description": "The replay began with the domain's first event. If not, what features remember begins at `remembers_from`."},
    "stopped": {"type": "boolean", "description": "The replay took too long: the newest events are missing."},
    "remembers_from": {"type": ["string", "null"], "format": "date-time"},
    "sample": {"type": "object", "required": ["time", "label", "event"],
      "description": "At most 500 of the rows, spread over time; up to half of them malicious."},
    "features": {"type": "array", "items": {"type": "object",
      "required": ["name", "present", "distinct", "quantiles", "by_label", "histogram",
                   "importance", "sample"],
      "properties": {
        "name": {"type": "string"},
        "present": {"type": "integer", "minimum": 0, "description": "Rows that have it."},
        "distinct": {"type": "integer", "minimum": 0},
        "quantiles": {"type": ["array", "null"], "description": "0, 5, 25, 50, 75, 95 and 100 %."},
        "by_label": {"type": "object", "description": "The same of malicious, unwanted, benign, none."},
        "histogram": {"type": "object", "required": ["low", "high", "counts"],
          "description": "24 equal steps from low to high, by label."},
        "importance": {"type": ["number", "null"],
          "description": "How far it moves the model's log-odds of the sample, either way, on average; text apart. Null without a model."},
        "sample": {"type": "array", "items": {"type": ["number", "null"]}}}}}}})json";

constexpr std::string_view kTime = R"({"type":"string","format":"date-time"})";
constexpr std::string_view kDomain = R"({"$ref":"#/components/schemas/Domain"})";

}  // namespace

RouteGroup feature_routes() {
  using http::Method;
  return {
      .routes =
          {{.method = Method::Get,
            .pattern = "/v1/features",
            .roles = kPeople,
            .perform = list_features,
            .answer_schema = "Features",
            .statuses = {200},
            .summary = "What the champion of a domain looks at, as declared",
            .parameters = {{"domain", "of which domain", kDomain, true}}},
           {.method = Method::Get,
            .pattern = "/v1/features/values",
            .roles = kPeople,
            .perform = preview_features,
            .answer_schema = "FeatureValues",
            .statuses = {200, 404, 503},
            .summary = "What these features were worth over the newest events, replayed in "
                       "order of time with what was known before each; one replay at a time, "
                       "of 10 seconds at most",
            .parameters = {{"domain", "of which domain", kDomain, true},
                           {"source", "rows of this source only; others are remembered",
                            R"({"type":"string","maxLength":320})"},
                           {"from", "rows at or after this time", kTime},
                           {"before", "only what is from before this time", kTime},
                           {"events", "how many of the newest events are replayed",
                            R"({"type":"integer","minimum":1,"maximum":20000,"default":5000})"}}}},
      .schemas = kSchemas};
}

}  // namespace winnow::server
