// POST /v1/score/mail: checked here, unpacked on a reader's thread, decided on the scorer's.
#include <algorithm>

#include <fmt/format.h>

#include "server/api.h"
#include "server/body.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMaxSourceBytes = 100;

// Names go to tables and terminals: printable ASCII is enough for them.
Result<std::string> source_of(const http::Request& request, const Route& route, const Token& who) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  if (!query.has("source")) return who.name;
  const auto& source = query.text("source");
  const bool printable = std::ranges::all_of(source, [](char c) { return c >= 0x20 && c < 0x7F; });
  if (printable && !source.empty() && source.size() <= kMaxSourceBytes) return source;
  return Error(Code::InvalidArgument,
               fmt::format("'source' is not 1 to {} printable ASCII characters", kMaxSourceBytes));
}

void write_unpacking_problem(const Error& error, http::Response& response) {
  const bool too_large = error.code() == Code::Exhausted;
  write_problem(too_large ? 413 : 400,
                too_large ? "the body unpacks to more than it may"
                          : "the body is not what its content-encoding says",
                {}, response);
}

}  // namespace

Api::Answered Api::score_mail(http::Exchange& exchange, const Call& call) {
  const auto& request = exchange.request();
  auto& response = exchange.response();
  if (!has_type(request, call.route->body_type)) {
    write_problem(415, "the body is not declared as a mail", "send 'Content-Type: message/rfc822'",
                  response);
    return Answered::Now;
  }
  const auto coding = coding_of(request);
  if (!coding) {
    response.add("accept-encoding", "gzip, zstd");  // RFC 9110, section 12.5.3
    write_problem(415, "the body's content-encoding is not known here", "gzip or zstd, one of them",
                  response);
    return Answered::Now;
  }
  auto source = source_of(request, *call.route, *call.who);
  if (!source) {
    write_problem(source.error(), response);
    return Answered::Now;
  }
  if (parts_.scorer == nullptr) {
    write_problem(
        503, "no bundle decides for mail",
        "winnow deployments promote BUNDLE makes one champion; then start the server again",
        response);
    return Answered::Now;
  }
  ScoreRequest scored{ticket(exchange, call), std::move(*source), {}};
  if (*coding == Coding::Identity) {
    queue_for_score(std::move(scored));
    return Answered::Later;
  }
  const auto packed = std::make_shared<ScoreRequest>(std::move(scored));
  const bool taken = parts_.readers.offer([this, packed, coding = *coding](DecisionStore&) {
    auto mail = unpack(coding, packed->ticket.request().body, kMaxMailBytes);
    if (mail) {
      packed->unpacked = std::move(*mail);
      return queue_for_score(std::move(*packed));
    }
    http::Response problem;
    write_unpacking_problem(mail.error(), problem);
    packed->ticket.answer(std::move(problem));
  });
  if (!taken) packed->ticket.answer(queue_full());
  return Answered::Later;
}

void Api::queue_for_score(ScoreRequest request) {
  if (parts_.scorer->offer(request)) return;
  request.ticket.answer(queue_full());
}

}  // namespace winnow::server
