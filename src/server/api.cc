#include "server/api.h"

#include "server/dialect.h"
#include "server/problem.h"
#include "server/routes.h"

namespace winnow::server {
namespace {

std::optional<Identity> identify(Gate& gate, const Route& route, const http::Request& request) {
  if (route.dialect == nullptr) return gate.identify(request);
  return gate.identify_token(shippers_token(request));
}

// Of a request that will be refused anyway: read, so that its client hears why.
constexpr std::size_t kStrangerBytes = 64UL << 10;

// The root is the console's, and for shippers, who bring a token, what they ask first.
bool is_page(const http::Request& request) {
  if (!ConsoleHost::has(request.path)) return false;
  if (request.path == "/" && request.field("authorization").empty()) return true;
  return !match_route(routes(), request.method, request.path).has_path;
}

void write_no_route(const http::Request& request, bool has_path, http::Response& response) {
  if (!has_path) {
    return write_problem(404, "there is nothing at this path",
                         "GET /v1/openapi.json lists what there is", response);
  }
  response.add("allow", methods_of(routes(), request.path));
  write_problem(405, "this path has other methods", {}, response);
}

}  // namespace

http::Admission Api::admit(const http::Request& head) {
  const auto match = match_route(routes(), head.method, head.path);
  if (match.route == nullptr) return {.body_bytes = kStrangerBytes};
  const auto& roles = match.route->roles;
  if (roles.is_empty()) return {.body_bytes = match.route->body_bytes};
  const auto who = identify(backing_.gate, *match.route, head);
  if (!who) {
    note_failure(head);
    return {.body_bytes = kStrangerBytes, .status = 401, .why = "the request has no valid token"};
  }
  if (!roles.contains(who->role))
    return {.body_bytes = kStrangerBytes, .status = 403, .why = "the token's role may not do this"};
  return {.body_bytes = match.route->body_bytes};
}

// Who brings no token guesses none.
void Api::note_failure(const http::Request& head) {
  if (head.field("authorization").empty()) return;
  const auto now = std::chrono::steady_clock::now();
  backing_.gate.note_failure(head, now);
  backing_.sign_ins.note_failure(head.peer, now);
}

void Api::refuse(int status, std::string_view why, http::Response& response) {
  write_problem(status, why, {}, response);
  add_security_fields(response);
  backing_.metrics.note_answer(Metrics::kNoRoute, status, {});
}

void Api::handle(http::Exchange& exchange) {
  const auto started = std::chrono::steady_clock::now();
  const Route* route = nullptr;
  std::unique_ptr<RequestTrace> trace;
  auto& response = exchange.response();
  const auto& request = exchange.request();
  if (is_page(request)) {
    console_->answer(request, response);
  } else {
    if (begin(exchange, started, route, trace)) return;
    add_security_fields(response);
    if (trace) trace->finish(response);
  }
  backing_.metrics.note_answer(number_of(route), response.status,
                               std::chrono::steady_clock::now() - started);
}

bool Api::begin(http::Exchange& exchange, Time started, const Route*& route,
                std::unique_ptr<RequestTrace>& trace) {
  const auto& request = exchange.request();
  const auto match = match_route(routes(), request.method, request.path);
  route = match.route;
  if (route == nullptr) {
    write_no_route(request, match.has_path, exchange.response());
    return false;
  }
  const auto who = identify(backing_.gate, *route, request);
  const auto* const known = who ? &*who : nullptr;
  trace = RequestTrace::begin(backing_.tracer, request, *route, known != nullptr, started);
  if (const auto refusal = backing_.gate.check(request, known, route->roles, started)) {
    refuse_on(*route, request, *refusal, exchange.response());
    return false;
  }
  Call call(exchange, backing_, *route, match.variable, known, started, trace);
  route->perform(call);
  return call.is_taken();
}

}  // namespace winnow::server
