#include "server/endpoints/scoring_endpoints.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "ingest/records/log_source.h"
#include "server/body.h"
#include "server/endpoints/receiving.h"
#include "server/problem.h"
#include "server/query.h"
#include "server/threads/row_judge.h"

namespace winnow::server {
namespace {

constexpr std::string_view kRowsType = "application/x-ndjson", kTextType = "text/plain";
// A loop's thread is kept for about two milliseconds.
constexpr std::size_t kMostRows = 512;

// What a request asks for beside its body.
struct Wish {
  Coding coding = Coding::Identity;
  std::string source, mapping;
};

// Nothing, and the call is answered: it asks for what there is not.
std::optional<Wish> read_wish(Call& call) {
  auto& response = call.response();
  const auto coding = coding_of(call.request());
  if (!coding) {
    response.add("accept-encoding", "gzip, zstd");  // RFC 9110, section 12.5.3
    write_problem(415, "the body's content-encoding is not known here", "gzip or zstd, one of them",
                  response);
    return std::nullopt;
  }
  const auto query = Query::parse(call.request().query, call.route());
  if (!query) {
    write_problem(query.error(), response);
    return std::nullopt;
  }
  if (query->has("source") && !is_source_name(query->text("source"))) {
    write_problem(400, "'source' is not 1 to 100 printable ASCII characters", {}, response);
    return std::nullopt;
  }
  return Wish{*coding, query->has("source") ? query->text("source") : call.who().name,
              query->text("mapping")};
}

void write_unpacking_problem(const Error& error, http::Response& response) {
  const bool too_large = error.code() == Code::Exhausted;
  write_problem(too_large ? 413 : 400,
                too_large ? "the body unpacks to more than it may"
                          : "the body is not what its content-encoding says",
                {}, response);
}

void queue(Scorer& scorer, ScoreRequest request) {
  if (!scorer.offer(request)) request.ticket.answer(queue_full());
}

// Makes of the body, plain again, what the scorer takes. Errors: InvalidArgument.
using TakeBody = Status (*)(ScoreRequest& request, std::string body);

void unpack_and_queue(const Backing& backing, Coding coding, std::size_t most, TakeBody take,
                      ScoreRequest request) {
  const auto packed = std::make_shared<ScoreRequest>(std::move(request));
  const bool taken = backing.readers.offer_apart([&backing, packed, coding, most, take] {
    auto body = unpack(coding, packed->ticket.request().body, most);
    http::Response problem;
    if (!body) {
      write_unpacking_problem(body.error(), problem);
    } else if (const auto is_usable = take(*packed, std::move(*body)); !is_usable) {
      write_problem(is_usable.error(), problem);
    } else {
      return queue(backing.scorer, std::move(*packed));
    }
    packed->ticket.answer(std::move(problem));
  });
  if (!taken) packed->ticket.answer(queue_full());
}

Status take_mail(ScoreRequest& request, std::string body) {
  request.unpacked = std::move(body);
  return {};
}

Error not_one_record(std::string_view found) {
  return Error(Code::InvalidArgument, fmt::format("one record is decided at once, {}", found))
      .with_hint("POST /v1/events/{source} takes many, and decides on them later");
}

// The one record of the body, as it would be read from a file.
Status take_one_record(ScoreRequest& request, std::string body) {
  const auto size = body.size();
  LogSource source(std::make_unique<TextBytes>(std::move(body)), "POST /v1/score/event", size,
                   {.max_record_bytes = kMaxScoredBytes + 1});  // and its line end
  RawRecord record, second;
  WINNOW_TRY(const bool has_one, source.next(record));
  if (!has_one) return not_one_record("there is none in the body");
  WINNOW_TRY(const bool has_more, source.next(second));
  if (has_more) return not_one_record("the body has several");
  request.record = std::move(record);
  return {};
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
  if (!champion) {
    response = no_champion(Domain::Mail);
    return;
  }
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
  auto wish = read_wish(call);
  if (!wish) return;
  const auto& backing = call.backing();
  if (!backing.scorer.champion(Domain::Mail)) {
    response = no_champion(Domain::Mail);
    return;
  }
  ScoreRequest scored{.ticket = call.take_ticket(), .source = std::move(wish->source)};
  if (wish->coding == Coding::Identity) return queue(backing.scorer, std::move(scored));
  unpack_and_queue(backing, wish->coding, kMaxMailBytes, take_mail, std::move(scored));
}

void score_event(Call& call) {
  const auto& request = call.request();
  if (!has_type(request, kJsonType) && !has_type(request, kTextType)) {
    return write_problem(415, "the body is not declared as a record of a log",
                         "a Content-Type of application/json, or text/plain for a line of text",
                         call.response());
  }
  auto wish = read_wish(call);
  if (!wish) return;
  const auto& backing = call.backing();
  const bool is_small = wish->coding == Coding::Identity && request.body.size() <= kSmallBytes;
  ScoreRequest scored{.ticket = call.take_ticket(),
                      .source = std::move(wish->source),
                      .mapping = std::move(wish->mapping)};
  if (!is_small) {
    return unpack_and_queue(backing, wish->coding, kMaxScoredBytes, take_one_record,
                            std::move(scored));
  }
  if (const auto taken = take_one_record(scored, std::string(request.body)); !taken) {
    http::Response problem;
    write_problem(taken.error(), problem);
    return scored.ticket.answer(std::move(problem));
  }
  queue(backing.scorer, std::move(scored));
}

}  // namespace winnow::server
