#include "server/endpoints/feature_endpoints.h"

#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "server/endpoints/feature_report.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::uint64_t kEvents = 5'000, kMostEvents = 20'000;
constexpr std::chrono::seconds kLongest{10};  // of a replay

struct Wish {
  Domain domain = Domain::Mail;
  learn::PreviewRequest request;
};

Result<Wish> wish_of(const http::Request& request, const Route& route) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  Wish wish;
  WINNOW_TRY(wish.domain, query.domain("domain"));
  WINNOW_TRY(wish.request.from, query.time("from"));
  WINNOW_TRY(wish.request.before, query.time("before"));
  wish.request.source = query.text("source");
  WINNOW_TRY(wish.request.events, query.number("events", kEvents, 1, kMostEvents));
  return wish;
}

}  // namespace

void list_features(Call& call) {
  const auto query = Query::parse(call.request().query, call.route());
  if (!query) return write_problem(query.error(), call.response());
  const auto domain = query->domain("domain");
  if (!domain) return write_problem(domain.error(), call.response());
  const auto champion = call.backing().scorer.champion(*domain);
  call.response().set(200, kJsonType, to_text(features_json(*domain, champion.get())) + "\n");
}

void preview_features(Call& call) {
  auto wish = wish_of(call.request(), call.route());
  if (!wish) return write_problem(wish.error(), call.response());
  const auto champion = call.backing().scorer.champion(wish->domain);
  if (!champion)
    return write_problem(Error(Code::NotFound, fmt::format("nothing decides in the domain '{}'",
                                                           name_of(wish->domain)))
                             .with_hint("winnow features preview shows what content/ declares"),
                         call.response());
  auto& searchers = call.backing().searchers;
  if (!searchers.begin_long()) {
    return write_busy(std::chrono::seconds(3), "somebody else replays history or plans already",
                      "one runs at a time; it takes seconds", call.response());
  }
  const auto turn = std::make_shared<LongTurn>(searchers);
  call.search_later([request = std::move(wish->request), champion, turn](
                        SearchStores& stores, http::Response& response) mutable {
    const auto until = std::chrono::steady_clock::now() + kLongest;
    request.should_stop = [until] { return std::chrono::steady_clock::now() >= until; };
    const auto& pipeline = champion->bundle->pipeline;
    NoProgress progress;
    const auto preview =
        learn::preview_features(stores.events, champion->bundle->mapping, pipeline.features(),
                                pipeline.intel(), request, progress);
    turn->end();  // before the answer: whoever has it may ask again
    if (!preview) return write_problem(preview.error(), response);
    response.set(200, kJsonType, to_text(preview_json(*preview, pipeline)) + "\n");
  });
}

}  // namespace winnow::server
