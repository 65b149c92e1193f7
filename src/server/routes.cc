#include "server/routes.h"

#include <algorithm>

namespace winnow::server {
namespace {

using http::Method;

constexpr RoleSet kPeople = {Role::Analyst, Role::Senior, Role::Engineer, Role::Admin,
                             Role::Auditor};
constexpr RoleSet kAnyRole = {Role::Analyst, Role::Senior,  Role::Engineer,
                              Role::Admin,   Role::Auditor, Role::Sensor};

const std::vector<Route>& table() {
  static const std::vector<Route> kTable = {
      {.endpoint = Endpoint::Health,
       .method = Method::Get,
       .pattern = "/healthz",
       .roles = {},
       .answer_type = "text/plain",
       .statuses = {200},
       .summary = "Whether the server runs"},
      {.endpoint = Endpoint::Readiness,
       .method = Method::Get,
       .pattern = "/readyz",
       .roles = {},
       .answer_type = "text/plain",
       .statuses = {200, 503},
       .summary = "Whether mails are decided now: a champion is loaded and has caught up"},
      {.endpoint = Endpoint::Metrics,
       .method = Method::Get,
       .pattern = "/metrics",
       .roles = kAnyRole,
       .answer_type = "text/plain; version=0.0.4",
       .statuses = {200},
       .summary = "Counters and times for Prometheus"},
      {.endpoint = Endpoint::OpenApi,
       .method = Method::Get,
       .pattern = "/v1/openapi.json",
       .roles = {},
       .answer_type = "application/json",
       .statuses = {200},
       .summary = "This description"},
      {.endpoint = Endpoint::ScoreMail,
       .method = Method::Post,
       .pattern = "/v1/score/mail",
       .roles = {Role::Sensor},
       .body_bytes = kMaxMailBytes,
       .body_type = "message/rfc822",
       .answer_type = "application/json",
       .answer_schema = "Decision",
       .statuses = {200, 400, 422, 503, 507},
       .summary =
           "Stores a mail and decides on it; the answer says that both are durable. The same "
           "mail again gets the same decision",
       .parameters = {{"source", "who supplied the mail (default: the token's name)",
                       R"({"type":"string","minLength":1,"maxLength":100})"}}},
      {.endpoint = Endpoint::ListDecisions,
       .method = Method::Get,
       .pattern = "/v1/decisions",
       .roles = kPeople,
       .answer_type = "application/json",
       .answer_schema = "DecisionPage",
       .statuses = {200, 400, 503},
       .summary = "Decisions, newest first, page by page",
       .parameters =
           {{"route", "only this route",
             R"({"type":"string","enum":["close","queue","escalate","playbook"]})"},
            {"since", "decided at or after this time", R"({"type":"string","format":"date-time"})"},
            {"until", "decided before this time", R"({"type":"string","format":"date-time"})"},
            {"sender", "only this mailbox or domain", R"({"type":"string","maxLength":320})"},
            {"limit", "at most so many (default: 50)",
             R"({"type":"integer","minimum":1,"maximum":500,"default":50})"},
            {"cursor", "the `next` of the page before", R"({"type":"string","maxLength":100})"}}},
      {.endpoint = Endpoint::GetDecision,
       .method = Method::Get,
       .pattern = "/v1/decisions/{id}",
       .roles = kPeople,
       .answer_type = "application/json",
       .answer_schema = "Decision",
       .statuses = {200, 304, 400, 404, 409, 503},
       .summary = "One decision, by its id or a unique beginning of it"},
  };
  return kTable;
}

// Whether `path` is what `pattern` names; the variable part, if any, in `variable`.
bool fits(std::string_view pattern, std::string_view path, std::string_view& variable) {
  const auto brace = pattern.find('{');
  if (brace == std::string_view::npos) return path == pattern;
  if (!path.starts_with(pattern.substr(0, brace)) || path.size() == brace) return false;
  variable = path.substr(brace);
  return variable.find('/') == std::string_view::npos;
}

}  // namespace

std::span<const Route> routes() { return table(); }

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

RouteMatch match_route(http::Method method, std::string_view path) {
  const auto asked = method == Method::Head ? Method::Get : method;
  for (const auto& route : table()) {
    RouteMatch match;
    if (!fits(route.pattern, path, match.variable)) continue;
    match.allow = route.method == Method::Get ? "GET, HEAD" : "POST";
    if (route.method == asked) match.route = &route;
    return match;  // no path has two methods yet
  }
  return {};
}

}  // namespace winnow::server
