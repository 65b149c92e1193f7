#include "server/problem.h"

#include <fmt/format.h>

#include "base/json.h"
#include "base/log.h"

namespace winnow::server {
namespace {

// Of what a client did.
int status_of(Code code) {
  switch (code) {
    case Code::InvalidArgument:
      return 400;
    case Code::NotFound:
      return 404;
    case Code::AlreadyExists:
    case Code::Conflict:
      return 409;
    case Code::Unsupported:
      return 415;
    default:
      return 500;
  }
}

// Of what the server could not do.
struct Failure {
  int status;
  std::string_view detail, hint;
};
Failure failure_of(Code code) {
  switch (code) {
    case Code::Exhausted:
      return {507, "the server has no room left",
              "try again when its disk has room; a change that was on record already is done then"};
    case Code::Unavailable:
    case Code::Timeout:
      return {503, "the server cannot do this now", "try again; its log says more"};
    case Code::Corrupt:
      return {500, "what the server has stored is damaged", "its log says more"};
    default:
      return {500, "the server failed", "its log says more"};
  }
}

// "urn:winnow:problem:unprocessable-content": stable, and no address that nobody serves.
std::string type_of(int status) {
  std::string type = "urn:winnow:problem:";
  for (const char c : http::reason_of(status))
    type += c == ' ' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return type;
}

}  // namespace

void write_problem(int status, std::string_view detail, std::string_view hint,
                   http::Response& response) {
  Json problem = Json::object({{"type", type_of(status)},
                               {"title", http::reason_of(status)},
                               {"status", status},
                               {"detail", detail}});
  if (!hint.empty()) problem.set("hint", hint);
  if (status == 401) response.add("www-authenticate", "Bearer realm=\"winnow\"");
  response.set(status, "application/problem+json", to_text(problem) + "\n");
}

void write_problem(const Error& error, http::Response& response) {
  const int status = status_of(error.code());
  if (status == 500) return write_failure(error, response);
  write_problem(status, error.message(), error.hint(), response);
}

void write_problem(const Error& error, int denied, http::Response& response) {
  if (error.code() != Code::Denied) return write_problem(error, response);
  write_problem(denied, error.message(), error.hint(), response);
}

void write_failure(const Error& error, http::Response& response) {
  log::error("a request failed", {{"code", name_of(error.code())}, {"error", error.text()}});
  const auto failure = failure_of(error.code());
  write_problem(failure.status, failure.detail, failure.hint, response);
}

void write_busy(std::chrono::seconds retry_after, std::string_view detail, std::string_view hint,
                http::Response& response) {
  response.add("retry-after", std::to_string(retry_after.count()));
  write_problem(429, detail, hint, response);
}

http::Response queue_full() {
  http::Response response;
  write_busy(std::chrono::seconds(1), "too much waits already", "try again a little later",
             response);
  return response;
}

void add_security_fields(http::Response& response) {
  response.add("cache-control", "no-store");
  response.add("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  add_isolation_fields(response);
}

void add_isolation_fields(http::Response& response) {
  response.add("x-content-type-options", "nosniff");
  response.add("referrer-policy", "no-referrer");
  response.add("cross-origin-opener-policy", "same-origin");
  response.add("cross-origin-resource-policy", "same-origin");
}

}  // namespace winnow::server
