// One row of the API's table: what there is at a path, who may use it, what it takes, what it
// answers, and who performs it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "server/role.h"

namespace winnow::server {

class Call;
struct Dialect;

inline constexpr std::size_t kJsonBytes = 64UL << 10;  // of a body that people's changes need
inline constexpr std::string_view kJsonType = "application/json";

struct Parameter {
  std::string_view name;
  std::string_view meaning;
  std::string_view schema;  // a JSON schema
};

struct Route {
  http::Method method;
  std::string_view pattern;  // one of its parts may be a variable: "/v1/cases/{id}/notes"
  RoleSet roles;             // empty: no identity is asked for
  // Answers the call, or sees to it that it is answered later. Runs on a loop's thread: it never
  // waits.
  void (*perform)(Call& call);
  std::size_t body_bytes = 0;
  std::string_view body_type{};    // of the request; empty without a body
  std::string_view body_schema{};  // a name in the document's components; empty: any text
  std::string_view answer_type = kJsonType;
  std::string_view answer_schema{};  // a name in the document's components
  std::vector<int> statuses;         // of its own; those of all routes come on top
  std::string_view summary;
  std::vector<Parameter> parameters{};  // of the query
  // Other media types that a body may have.
  std::vector<std::string_view> also_types{};
  const Dialect* dialect = nullptr;  // of a route that stands in for another product's
};

// What belongs together: its routes, and the JSON schemas that they name, as the members of a JSON
// object ("\"Decision\": {...}, ...").
struct RouteGroup {
  std::vector<Route> routes;
  std::string_view schemas;
};

}  // namespace winnow::server
