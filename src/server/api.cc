#include "server/api.h"

#include <memory>

#include <fmt/format.h>

#include "server/body.h"
#include "server/openapi.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

// Of a request that will be refused anyway: read, so that its client hears why.
constexpr std::size_t kStrangerBytes = 64UL << 10;

void write_refusal(const Refusal& refusal, http::Response& response) {
  if (refusal.status == 429)
    return write_busy(refusal.retry_after, refusal.why, refusal.hint, response);
  write_problem(refusal.status, refusal.why, refusal.hint, response);
}

}  // namespace

std::size_t number_of(const Route* route) {
  return route == nullptr ? Metrics::kNoRoute : static_cast<std::size_t>(route - routes().data());
}

Api::Api(Parts parts) : parts_(std::move(parts)), openapi_(openapi_document()) {}

http::Admission Api::admit(const http::Request& head) {
  const auto match = match_route(head.method, head.path);
  if (match.route == nullptr) return {.body_bytes = kStrangerBytes};
  const auto& roles = match.route->roles;
  if (roles.is_empty()) return {.body_bytes = match.route->body_bytes};
  const auto* const who = parts_.gate.identify(head);
  if (who == nullptr) {
    parts_.gate.note_failure(head, std::chrono::steady_clock::now());
    return {.body_bytes = kStrangerBytes, .status = 401, .why = "the request has no valid token"};
  }
  if (!roles.contains(who->role))
    return {.body_bytes = kStrangerBytes, .status = 403, .why = "the token's role may not do this"};
  return {.body_bytes = match.route->body_bytes};
}

void Api::refuse(int status, std::string_view why, http::Response& response) {
  write_problem(status, why, {}, response);
  add_security_fields(response);
  parts_.metrics.note_answer(Metrics::kNoRoute, status, {});
}

void Api::handle(http::Exchange& exchange) {
  Call call{nullptr, {}, nullptr, std::chrono::steady_clock::now()};
  if (begin(exchange, call) == Answered::Later) return;
  auto& response = exchange.response();
  add_security_fields(response);
  parts_.metrics.note_answer(number_of(call.route), response.status,
                             std::chrono::steady_clock::now() - call.started);
}

Api::Answered Api::begin(http::Exchange& exchange, Call& call) {
  const auto& request = exchange.request();
  auto& response = exchange.response();
  const auto match = match_route(request.method, request.path);
  if (match.allow.empty()) {
    write_problem(404, "there is nothing at this path", "GET /v1/openapi.json lists what there is",
                  response);
    return Answered::Now;
  }
  if (match.route == nullptr) {
    response.add("allow", match.allow);
    write_problem(405, "this path has another method", {}, response);
    return Answered::Now;
  }
  call.route = match.route;
  call.variable = match.variable;
  call.who = parts_.gate.identify(request);
  if (const auto refusal = parts_.gate.check(request, call.who, call.route->roles, call.started)) {
    write_refusal(*refusal, response);
    return Answered::Now;
  }
  return perform(exchange, call);
}

Api::Answered Api::perform(http::Exchange& exchange, const Call& call) {
  auto& response = exchange.response();
  switch (call.route->endpoint) {
    case Endpoint::Health:
      response.set(200, call.route->answer_type, "ok\n");
      break;
    case Endpoint::Readiness:
      if (parts_.scorer != nullptr && parts_.scorer->is_ready()) {
        response.set(200, call.route->answer_type, "ready\n");
      } else {
        write_problem(503,
                      parts_.scorer == nullptr ? "no bundle decides for mail"
                                               : "still catching up with the event log",
                      {}, response);
      }
      break;
    case Endpoint::OpenApi:
      response.set(200, call.route->answer_type, openapi_);
      break;
    case Endpoint::Metrics:
      return read_metrics(exchange, call);
    case Endpoint::ScoreMail:
      return score_mail(exchange, call);
    case Endpoint::ListDecisions:
      return list_decisions(exchange, call);
    case Endpoint::GetDecision:
      return get_decision(exchange, call);
  }
  return Answered::Now;
}

Ticket Api::ticket(http::Exchange& exchange, const Call& call) {
  return Ticket(exchange.defer(), parts_.metrics, number_of(call.route), call.started);
}

Api::Answered Api::read_later(http::Exchange& exchange, const Call& call,
                              std::function<void(DecisionStore&, http::Response&)> read) {
  // A std::function is copied, a ticket is not.
  const auto waiting = std::make_shared<Ticket>(ticket(exchange, call));
  const bool taken =
      parts_.readers.offer([waiting, read = std::move(read)](DecisionStore& decisions) {
        http::Response response;
        read(decisions, response);
        waiting->answer(std::move(response));
      });
  if (taken) return Answered::Later;
  waiting->answer(queue_full());
  return Answered::Later;
}

Api::Answered Api::read_metrics(http::Exchange& exchange, const Call& call) {
  return read_later(
      exchange, call, [this, &call_route = *call.route](DecisionStore&, http::Response& response) {
        const auto* const scorer = parts_.scorer;
        response.set(200, call_route.answer_type,
                     parts_.metrics.text({.waiting = scorer == nullptr ? 0 : scorer->waiting(),
                                          .connections = parts_.connections(),
                                          .ready = scorer != nullptr && scorer->is_ready()}));
      });
}

}  // namespace winnow::server
