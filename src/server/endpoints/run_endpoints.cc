#include "server/endpoints/run_endpoints.h"

#include "server/endpoints/run_report.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::uint64_t kPage = 50, kLargestPage = 100;  // each reads its evaluation

Result<RunFilter> filter_of(const http::Request& request, const Route& route) {
  WINNOW_TRY(const auto query, Query::parse(request.query, route));
  RunFilter filter;
  filter.kind = query.text("kind");
  filter.domain = query.text("domain");
  filter.before = query.text("cursor");
  WINNOW_TRY(filter.limit, query.number("limit", kPage, 1, kLargestPage));
  return filter;
}

Result<Json> page_of(Registry& registry, RunFilter filter) {
  const auto limit = filter.limit;
  ++filter.limit;  // one more tells whether there is a next page
  WINNOW_TRY(auto runs, registry.runs(filter));
  const bool more = runs.size() > limit;
  if (more) runs.pop_back();
  Json all = Json::array();
  for (const auto& run : runs) {
    WINNOW_TRY(auto summary, run_summary(registry, run));
    all.push(std::move(summary));
  }
  return Json::object(
      {{"runs", std::move(all)}, {"next", more ? Json(runs.back().id.text()) : Json()}});
}

Result<Json> comparison(Registry& registry, const std::string& before, const std::string& after) {
  WINNOW_TRY(const auto one, registry.run(before));
  WINNOW_TRY(const auto other, registry.run(after));
  return run_difference(one, other);
}

void write(const Result<Json>& json, http::Response& response) {
  if (!json) return write_problem(json.error(), response);
  response.set(200, kJsonType, to_text(*json) + "\n");
}

}  // namespace

void list_runs(Call& call) {
  auto filter = filter_of(call.request(), call.route());
  if (!filter) return write_problem(filter.error(), call.response());
  call.look_up_later([filter = std::move(*filter)](RecordStores& stores, http::Response& response) {
    write(page_of(*stores.registry, filter), response);
  });
}

void get_run(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.look_up_later([id = call.variable()](RecordStores& stores, http::Response& response) {
    const auto run = stores.registry->run(id);
    if (!run) return write_problem(run.error(), response);
    write(run_detail(*stores.registry, *run), response);
  });
}

void compare_runs(Call& call) {
  const auto query = Query::parse(call.request().query, call.route());
  if (!query) return write_problem(query.error(), call.response());
  call.look_up_later([before = call.variable(), after = query->text("with")](
                         RecordStores& stores, http::Response& response) {
    write(comparison(*stores.registry, before, after), response);
  });
}

}  // namespace winnow::server
