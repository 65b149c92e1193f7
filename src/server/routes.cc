#include "server/routes.h"

#include <algorithm>
#include <iterator>

#include "server/route_groups.h"

namespace winnow::server {
namespace {

using http::Method;

struct Table {
  std::vector<Route> routes;
  std::vector<std::string_view> schemas;
};

const Table& table() {
  static const Table kTable = [] {
    Table table;
    for (const auto group :
         {operation_routes, live_routes,       session_routes,    sign_in_routes,
          token_routes,     scoring_routes,    event_routes,      splunk_routes,
          elastic_routes,   deployment_routes, decision_routes,   case_routes,
          finding_routes,   identity_routes,   asset_routes,      suppression_routes,
          hold_routes,      retention_routes,  quarantine_routes, run_routes,
          audit_routes,     lineage_routes,    search_routes,     feature_routes,
          source_routes}) {
      auto [routes, schemas] = group();
      table.schemas.push_back(schemas);
      std::ranges::move(routes, std::back_inserter(table.routes));
    }
    return table;
  }();
  return kTable;
}

bool has_variable(std::string_view pattern) { return pattern.find('{') != std::string_view::npos; }

// Whether `path` is what `pattern` names; the variable part, if any, in `variable`.
bool fits(std::string_view pattern, std::string_view path, std::string_view& variable) {
  const auto brace = pattern.find('{');
  if (brace == std::string_view::npos) return path == pattern;
  const auto before = pattern.substr(0, brace);
  const auto behind = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= before.size() + behind.size() || !path.starts_with(before) ||
      !path.ends_with(behind))
    return false;
  variable = path.substr(brace, path.size() - before.size() - behind.size());
  return variable.find('/') == std::string_view::npos;
}

// Calls `visit(route, variable)` for the routes of the one pattern that names `path`.
template <typename Visit>
void for_each_at(std::span<const Route> table, std::string_view path, Visit visit) {
  for (const bool variable_ones : {false, true}) {
    bool found = false;
    for (const auto& route : table) {
      std::string_view variable;
      if (has_variable(route.pattern) != variable_ones || !fits(route.pattern, path, variable))
        continue;
      found = true;
      visit(route, variable);
    }
    if (found) return;
  }
}

}  // namespace

std::span<const Route> routes() { return table().routes; }
std::span<const std::string_view> route_schemas() { return table().schemas; }

std::vector<int> statuses_of(const Route& route) {
  auto all = route.statuses;
  all.push_back(500);
  if (!route.roles.is_empty()) all.insert(all.end(), {401, 403, 429});
  all.insert(all.end(), {400, 413});  // a malformed request, a body larger than allowed
  if (route.body_bytes > 0) all.insert(all.end(), {408, 415});
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

std::string_view variable_of(std::string_view pattern) {
  const auto brace = pattern.find('{');
  if (brace == std::string_view::npos) return {};
  return pattern.substr(brace + 1, pattern.find('}') - brace - 1);
}

RouteMatch match_route(std::span<const Route> table, Method method, std::string_view path) {
  const auto asked = method == Method::Head ? Method::Get : method;
  RouteMatch match;
  for_each_at(table, path, [&](const Route& route, std::string_view variable) {
    match.has_path = true;
    if (route.method != asked) return;
    match.route = &route;
    match.variable = variable;
  });
  return match;
}

std::string methods_of(std::span<const Route> table, std::string_view path) {
  std::string methods;
  for_each_at(table, path, [&](const Route& route, std::string_view) {
    if (!methods.empty()) methods += ", ";
    methods += route.method == Method::Get ? "GET, HEAD" : http::name_of(route.method);
  });
  return methods;
}

}  // namespace winnow::server
