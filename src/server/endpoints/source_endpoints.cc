#include "server/endpoints/source_endpoints.h"

#include "server/endpoints/source_report.h"
#include "server/problem.h"
#include "server/query.h"
#include "server/receivers/syslog_receiver.h"
#include "server/receivers/tail.h"

namespace winnow::server {
namespace {

// What the receivers had no room for, however patient they are.
Json lost_json(const Backing& backing) {
  std::uint64_t dropped = 0, lost_by_kernel = 0, files_lost = 0;
  if (backing.syslog != nullptr) {
    for (const auto& counts : backing.syslog->use().of) {
      dropped += counts.dropped;
      lost_by_kernel += counts.lost_by_kernel;
    }
  }
  if (backing.tail != nullptr) files_lost = backing.tail->use().lost;
  return Json::object({{"syslog_dropped", dropped},
                       {"syslog_lost_by_kernel", lost_by_kernel},
                       {"files_lost", files_lost}});
}

}  // namespace

void list_sources(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  const auto& backing = call.backing();
  const StoredRecordReader reader(backing.scorer.champions(), backing.scorer.mappings());
  Json all = Json::array();
  const auto sources = health_of(backing.activity.sources(), backing.intake.waiting_by_source(),
                                 backing.formats.sources());
  for (const auto& [name, source] : sources) all.push(source_detail(name, source, reader));
  const auto answer = Json::object(
      {{"since", backing.activity.summary().started.text()},
       {"sources", std::move(all)},
       {"drift", drift_json(drift_of(backing.scorer.champions(), backing.scorer.mappings(),
                                     backing.scorer.kept()))},
       {"refused_mappings", refused_json(backing.scorer.refused_mappings())},
       {"lost", lost_json(backing)}});
  call.response().set(200, kJsonType, to_text(answer) + "\n");
}

void cover_source(Call& call) {
  const auto query = Query::parse(call.request().query, call.route());
  if (!query) return write_problem(query.error(), call.response());
  call.search_later([source = query->text("source"), now = call.backing().scorer.champions(),
                     mappings = call.backing().scorer.mappings()](SearchStores& stores,
                                                                  http::Response& response) {
    const StoredRecordReader reader(now, mappings);
    const auto coverage = coverage_json(stores.events, reader, source);
    if (!coverage) return write_problem(coverage.error(), response);
    response.set(200, kJsonType, to_text(*coverage) + "\n");
  });
}

}  // namespace winnow::server
