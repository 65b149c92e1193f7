// The API as one table: what there is, who may use it, what it takes, what it answers. The server
// routes by it, and the OpenAPI document is written from it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "server/role.h"

namespace winnow::server {

inline constexpr std::size_t kMaxMailBytes = 50UL << 20;

struct Parameter {
  std::string_view name;
  std::string_view meaning;
  std::string_view schema;  // a JSON schema
};

enum class Endpoint { Health, Readiness, Metrics, OpenApi, ScoreMail, ListDecisions, GetDecision };

struct Route {
  Endpoint endpoint;
  http::Method method;
  std::string_view pattern;  // its last part may be a variable: "/v1/decisions/{id}"
  RoleSet roles;             // empty: no identity is asked for
  std::size_t body_bytes = 0;
  std::string_view body_type{};  // of the request; empty without a body
  std::string_view answer_type;
  std::string_view answer_schema{};  // a name in the document's components
  std::vector<int> statuses;         // of its own; those of all routes come on top
  std::string_view summary;
  std::vector<Parameter> parameters{};  // of the query
};

std::span<const Route> routes();

// All that the route may answer: its own, and what identities, bodies and limits bring.
std::vector<int> statuses_of(const Route& route);

struct RouteMatch {
  const Route* route = nullptr;  // null: nothing has that path, or not with that method
  std::string_view variable = {};
  std::string_view allow = {};  // "GET, HEAD": the methods that the path has, when it has any
};
RouteMatch match_route(http::Method method, std::string_view path);

}  // namespace winnow::server
