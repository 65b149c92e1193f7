#include "server/endpoints/scoring_endpoints.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "server/body.h"
#include "server/problem.h"
#include "server/query.h"
#include "server/threads/row_judge.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMaxSourceBytes = 100;
constexpr std::string_view kRowsType = "application/x-ndjson";
// A loop's thread is kept for about two milliseconds.
constexpr std::size_t kMostRows = 512;

// Names go to tables and terminals: printable ASCII is enough for them.
Result<std::string> source_of(const http::Request& request, const Route& route,
                              const Identity& who) {
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

void write_no_champion(http::Response& response) {
  write_problem(503, "no bundle decides for mail",
                "POST /v1/deployments/mail/promote makes one champion", response);
}

void queue(Scorer& scorer, ScoreRequest request) {
  if (!scorer.offer(request)) request.ticket.answer(queue_full());
}

void unpack_and_queue(const Backing& backing, Coding coding, ScoreRequest request) {
  const auto packed = std::make_shared<ScoreRequest>(std::move(request));
  const bool taken = backing.readers.offer([&backing, packed, coding](ReaderStores&) {
    auto mail = unpack(coding, packed->ticket.request().body, kMaxMailBytes);
    if (mail) {
      packed->unpacked = std::move(*mail);
      return queue(backing.scorer, std::move(*packed));
    }
    http::Response problem;
    write_unpacking_problem(mail.error(), problem);
    packed->ticket.answer(std::move(problem));
  });
  if (!taken) packed->ticket.answer(queue_full());
}

bool is_rows(const http::Request& request) { return has_type(request, kRowsType); }

// A blank line is no row, so that a last line's end makes none.
Status judge_rows(const Champion& champion, const http::Request& request, std::string& out) {
  thread_local RowJudge judge;
  const auto& pipeline = champion.bundle->pipeline;
  std::string_view rest = request.body;
  std::size_t rows = 0;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto row = is_rows(request) ? take_line(rest) : std::exchange(rest, {});
    if (row.empty()) continue;
    if (rows++ == kMostRows) {
      return Error(Code::InvalidArgument, fmt::format("the body has more than {} rows", kMostRows))
          .with_hint("send them in several requests");
    }
    if (rows > 1) out += ',';
    const auto judged = judge.judge(pipeline, row, out);
    if (judged) continue;
    return is_rows(request) ? judged.error().with_context(fmt::format("line {}", number)) : judged;
  }
  return rows == 0 ? Error(Code::InvalidArgument, "the body has no row") : Status();
}

}  // namespace

void score_rows(Call& call) {
  const auto& request = call.request();
  auto& response = call.response();
  if (!is_rows(request) && !has_type(request, kJsonType)) {
    return write_problem(415, "the body is not declared as rows of feature values",
                         "a Content-Type of application/json (one row) or application/x-ndjson",
                         response);
  }
  if (coding_of(request) != Coding::Identity)
    return write_problem(415, "rows are taken without a content-encoding", {}, response);
  const auto champion = call.backing().scorer.champion(Domain::Mail);
  if (!champion) return write_no_champion(response);
  thread_local std::string body;
  body = R"({"bundle":")";
  body += champion->bundle->id.text();
  body += R"(","rows":[)";
  if (const auto judged = judge_rows(*champion, request, body); !judged)
    return write_problem(judged.error(), response);
  body += "]}";
  response.set(200, kJsonType, body);
}

void score_mail(Call& call) {
  const auto& request = call.request();
  auto& response = call.response();
  if (!has_type(request, call.route().body_type)) {
    return write_problem(415, "the body is not declared as a mail",
                         "send 'Content-Type: message/rfc822'", response);
  }
  const auto coding = coding_of(request);
  if (!coding) {
    response.add("accept-encoding", "gzip, zstd");  // RFC 9110, section 12.5.3
    return write_problem(415, "the body's content-encoding is not known here",
                         "gzip or zstd, one of them", response);
  }
  auto source = source_of(request, call.route(), call.who());
  if (!source) return write_problem(source.error(), response);
  const auto& backing = call.backing();
  if (!backing.scorer.champion(Domain::Mail)) return write_no_champion(response);
  ScoreRequest scored{call.take_ticket(), std::move(*source), {}};
  if (*coding == Coding::Identity) return queue(backing.scorer, std::move(scored));
  unpack_and_queue(backing, *coding, std::move(scored));
}

}  // namespace winnow::server
