// One row of the API's table: what there is at a path, who may use it, what it takes, what it
// answers, and who performs it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "server/access/role.h"

namespace winnow::server {

class Call;
struct Dialect;

inline constexpr std::size_t kJsonBytes = 64UL << 10;  // of a body that people's changes need
inline constexpr std::string_view kJsonType = "application/json";

// An id of what was decided, or a unique beginning of it.
inline constexpr std::string_view kDecisionIdSchema =
    R"({"type":"string","pattern":"^(d-)?[0-9a-f]{1,64}$"})";

struct Parameter {
  std::string_view name;
  std::string_view meaning;
  std::string_view schema;  // a JSON schema; its maxLength is kept to (Query)
  bool required = false;
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
  bool may_lack_body = false;      // although it has a type
  std::string_view body_schema{};  // a name in the document's components; empty: any text
  std::string_view answer_type = kJsonType;
  std::string_view answer_schema{};  // a name in the document's components
  std::vector<int> statuses;         // of its own; those of all routes come on top
  std::string_view summary;
  std::vector<Parameter> parameters{};                                      // of the query
  std::string_view variable_schema = R"({"type":"string","minLength":1})";  // of the path's
  // Other media types that a body may have: of a format of their own, or JSON with that schema.
  std::vector<std::string_view> also_types{};
  std::string_view json_schema{};    // a name in the document's components; empty: any text
  std::string_view also_answers{};   // another media type of what it answers
  const Dialect* dialect = nullptr;  // of a route that stands in for another product's
};

// What belongs together: its routes, and the JSON schemas that they name, as the members of a JSON
// object ("\"Decision\": {...}, ...").
struct RouteGroup {
  std::vector<Route> routes;
  std::string_view schemas;
};

}  // namespace winnow::server
