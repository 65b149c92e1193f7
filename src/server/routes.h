// The API as one table, made of its groups (route_groups.h). The server routes by it, and the
// OpenAPI document is written from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "server/route.h"

namespace winnow::server {

std::span<const Route> routes();
std::span<const std::string_view> route_schemas();  // of each group

// All that the route may answer: its own, and what identities, bodies and limits bring.
std::vector<int> statuses_of(const Route& route);

// The name between the braces of a pattern; empty for one without.
std::string_view variable_of(std::string_view pattern);

struct RouteMatch {
  const Route* route = nullptr;    // null: nothing has that path, or not with that method
  std::string_view variable = {};  // as in the path: percent-encoded
  bool has_path = false;           // with some method
};
// A path that stands in the table as it is comes before one with a variable. HEAD asks for what GET
// answers.
RouteMatch match_route(std::span<const Route> table, http::Method method, std::string_view path);
std::string methods_of(std::span<const Route> table, std::string_view path);  // "GET, HEAD, PATCH"

}  // namespace winnow::server
