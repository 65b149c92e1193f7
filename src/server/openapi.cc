#include "server/openapi.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/json.h"
#include "http/response.h"
#include "server/routes.h"

namespace winnow::server {
namespace {

constexpr std::string_view kComponents = R"json({
"securitySchemes": {"token": {"type": "http", "scheme": "bearer",
  "description": "A token of `winnow tokens create`."}},
"schemas": {
"Problem": {"type": "object", "description": "RFC 9457.",
  "required": ["type", "title", "status", "detail"],
  "properties": {
    "type": {"type": "string", "format": "uri"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string", "description": "What was found."},
    "hint": {"type": "string", "description": "What to do."}}},
"Reason": {"type": "object", "required": ["feature", "text", "weight"],
  "properties": {
    "feature": {"type": "string"},
    "text": {"type": "string", "description": "In plain words."},
    "weight": {"type": "number", "description": "Log-odds; above zero: towards malicious."}}},
"Decision": {"type": "object",
  "required": ["id", "event", "bundle", "event_time", "decided_at", "route", "decided_by",
               "because", "probability", "sender", "subject", "reasons", "techniques"],
  "properties": {
    "id": {"type": "string", "pattern": "^d-[0-9a-f]{64}$"},
    "event": {"type": "string", "pattern": "^[0-9a-f]{64}$",
              "description": "SHA-256 of the mail."},
    "bundle": {"type": "string", "pattern": "^b-[0-9a-f]{64}$"},
    "event_time": {"type": "string", "format": "date-time"},
    "decided_at": {"type": "string", "format": "date-time"},
    "route": {"type": "string", "enum": ["close", "queue", "escalate", "playbook"]},
    "decided_by": {"type": "string", "enum": ["model", "second stage", "fallback"]},
    "because": {"type": "string", "description": "Why another stage decided; else empty."},
    "probability": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
    "sender": {"type": "string"},
    "subject": {"type": "string", "description": "As sent: hostile text."},
    "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
    "techniques": {"type": "array", "items": {"type": "string"},
                   "description": "ATT&CK ids."}}},
"DecisionPage": {"type": "object", "required": ["decisions", "next"],
  "properties": {
    "decisions": {"type": "array", "items": {"$ref": "#/components/schemas/Decision"}},
    "next": {"type": ["string", "null"],
             "description": "The `cursor` of the next page; null on the last."}}}}})json";

Json json_of(std::string_view text) {
  auto parsed = parse_json(text);
  ensure(parsed.has_value(), "the document's own parts are JSON");
  return std::move(*parsed);
}

Json reference(std::string_view schema) {
  return Json::object({{"$ref", fmt::format("#/components/schemas/{}", schema)}});
}

Json content(std::string_view media_type, Json schema) {
  return Json::object({{std::string(media_type), Json::object({{"schema", std::move(schema)}})}});
}

Json answer(const Route& route, int status) {
  Json answer = Json::object({{"description", http::reason_of(status)}});
  if (status == 200) {
    answer.set("content",
               content(route.answer_type, route.answer_schema.empty()
                                              ? json_of(route.answer_type == "application/json"
                                                            ? R"({"type":"object"})"
                                                            : R"({"type":"string"})")
                                              : reference(route.answer_schema)));
  } else if (status >= 400) {
    answer.set("content", content("application/problem+json", reference("Problem")));
  }
  return answer;
}

Json parameters(const Route& route) {
  Json all = Json::array();
  const auto brace = route.pattern.find('{');
  if (brace != std::string_view::npos) {
    const auto name = route.pattern.substr(brace + 1, route.pattern.size() - brace - 2);
    all.push(Json::object({{"name", name},
                           {"in", "path"},
                           {"required", true},
                           {"schema", Json::object({{"type", "string"}})}}));
  }
  for (const auto& parameter : route.parameters) {
    all.push(Json::object({{"name", parameter.name},
                           {"in", "query"},
                           {"description", parameter.meaning},
                           {"schema", json_of(parameter.schema)}}));
  }
  return all;
}

Json operation(const Route& route) {
  Json answers = Json::object();
  for (const int status : statuses_of(route))
    answers.set(std::to_string(status), answer(route, status));
  Json roles = Json::array();
  for (const Role role : kRoles) {
    if (route.roles.contains(role)) roles.push(name_of(role));
  }
  Json operation = Json::object({{"summary", route.summary}});
  if (auto all = parameters(route); all.size() > 0) operation.set("parameters", std::move(all));
  if (!route.body_type.empty()) {
    operation.set(
        "requestBody",
        Json::object({{"required", true},
                      {"content", content(route.body_type, json_of(R"({"type":"string"})"))}}));
  }
  operation.set("responses", std::move(answers));
  // An empty list says: no identity (OpenAPI 3.1, section 4.8.10).
  operation.set("security", route.roles.is_empty()
                                ? Json::array()
                                : Json::array({Json::object({{"token", Json::array()}})}));
  operation.set("x-roles", std::move(roles));
  return operation;
}

}  // namespace

std::string openapi_document() {
  Json paths = Json::object();
  for (const auto& route : routes()) {
    const auto* const method = route.method == http::Method::Post ? "post" : "get";
    paths.set(std::string(route.pattern), Json::object({{method, operation(route)}}));
  }
  return to_text(Json::object({{"openapi", "3.1.0"},
                               {"info", Json::object({{"title", "Winnow"},
                                                      {"version", "1"},
                                                      {"description",
                                                       "Inline scoring of mail, and what was "
                                                       "decided. Errors are RFC 9457 problems."}})},
                               {"paths", std::move(paths)},
                               {"components", json_of(kComponents)}})) +
         "\n";
}

}  // namespace winnow::server
