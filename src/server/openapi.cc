#include "server/openapi.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/json.h"
#include "base/utf8.h"
#include "http/response.h"
#include "ocsf/domain.h"
#include "server/dialect.h"
#include "server/routes.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSecuritySchemes = R"json({
"token": {"type": "http", "scheme": "bearer",
  "description": "A token of `winnow tokens create`."},
"session": {"type": "apiKey", "in": "cookie", "name": "winnow_session",
  "description": "Of POST /v1/session. Behind a proxy that says X-Forwarded-Proto: https it is called __Host-winnow_session. What changes something needs the field X-Winnow-CSRF with what GET /v1/me says."}})json";

constexpr std::string_view kCommonSchemas = R"json(
"Problem": {"type": "object", "description": "RFC 9457.",
  "required": ["type", "title", "status", "detail"],
  "properties": {
    "type": {"type": "string", "format": "uri"},
    "title": {"type": "string"},
    "status": {"type": "integer"},
    "detail": {"type": "string", "description": "What was found."},
    "hint": {"type": "string", "description": "What to do."}}},
"Time": {"type": "string", "format": "date-time"})json";

constexpr std::string_view kText = R"({"type":"string"})";

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

Json answer_schema(const Route& route) {
  if (!route.answer_schema.empty()) return reference(route.answer_schema);
  return json_of(route.answer_type == kJsonType ? R"({"type":"object"})" : kText);
}

Json answer(const Route& route, int status) {
  Json answer = Json::object({{"description", http::reason_of(status)}});
  if (status == 200 || status == 201 || status == 202) {
    auto types = content(route.answer_type, answer_schema(route));
    if (!route.also_answers.empty())
      types.set(std::string(route.also_answers), Json::object({{"schema", json_of(kText)}}));
    answer.set("content", std::move(types));
  } else if (status >= 400) {
    answer.set("content", route.dialect == nullptr
                              ? content("application/problem+json", reference("Problem"))
                              : content(kJsonType, reference(route.dialect->error_schema)));
  }
  return answer;
}

Json parameters(const Route& route) {
  Json all = Json::array();
  if (const auto name = variable_of(route.pattern); !name.empty()) {
    all.push(Json::object({{"name", name},
                           {"in", "path"},
                           {"required", true},
                           {"schema", json_of(route.variable_schema)}}));
  }
  for (const auto& parameter : route.parameters) {
    all.push(Json::object({{"name", parameter.name},
                           {"in", "query"},
                           {"required", parameter.required},
                           {"description", parameter.meaning},
                           {"schema", json_of(parameter.schema)}}));
  }
  return all;
}

Json request_body(const Route& route) {
  const auto schema_of = [&](std::string_view type) {
    const auto name =
        type == kJsonType && !route.json_schema.empty() ? route.json_schema : route.body_schema;
    return name.empty() ? json_of(R"({"type":"string","minLength":1})") : reference(name);
  };
  auto types = content(route.body_type, schema_of(route.body_type));
  for (const auto type : route.also_types)
    types.set(std::string(type), Json::object({{"schema", schema_of(type)}}));
  return Json::object({{"required", !route.may_lack_body}, {"content", std::move(types)}});
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
  if (!route.body_type.empty()) operation.set("requestBody", request_body(route));
  operation.set("responses", std::move(answers));
  // An empty list says: no identity (OpenAPI 3.1, section 4.8.10).
  operation.set("security", route.roles.is_empty()
                                ? Json::array()
                                : Json::array({Json::object({{"token", Json::array()}}),
                                               Json::object({{"session", Json::array()}})}));
  operation.set("x-roles", std::move(roles));
  return operation;
}

// "get": as the members of a path are called.
std::string member_of(http::Method method) { return ascii_lower(http::name_of(method)); }

Json paths() {
  Json paths = Json::object();
  for (const auto& route : routes()) {
    auto* const there = paths.find(route.pattern);
    Json& path = there != nullptr
                     ? *there
                     : *paths.set(std::string(route.pattern), Json::object()).find(route.pattern);
    path.set(member_of(route.method), operation(route));
  }
  return paths;
}

// An enumeration is named once, by those who spell it.
Json domain_schema() {
  Json names = Json::array();
  for (const auto domain : kDomains) names.push(name_of(domain));
  return Json::object({{"type", "string"}, {"enum", std::move(names)}});
}

Json components() {
  std::string schemas(kCommonSchemas);
  for (const auto& of_group : route_schemas()) {
    if (!of_group.empty()) schemas.append(",").append(of_group);
  }
  auto all = json_of(fmt::format("{{{}}}", schemas));
  all.set("Domain", domain_schema());
  return Json::object(
      {{"securitySchemes", json_of(kSecuritySchemes)}, {"schemas", std::move(all)}});
}

}  // namespace

std::string openapi_document() {
  return to_text(Json::object(
             {{"openapi", "3.1.0"},
              {"info", Json::object({{"title", "Winnow"},
                                     {"version", "1"},
                                     {"description",
                                      "Decisions on mail and on the records of logs, and the "
                                      "cases made of them. Errors are RFC 9457 problems."}})},
              {"paths", paths()},
              {"components", components()}})) +
         "\n";
}

}  // namespace winnow::server
