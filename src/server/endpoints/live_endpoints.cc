#include "server/endpoints/live_endpoints.h"

#include <algorithm>

#include "base/json_text.h"
#include "server/endpoints/source_report.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

constexpr std::array kRoutes = {winnow::Route::Close, winnow::Route::Queue, winnow::Route::Escalate,
                                winnow::Route::Playbook};

Json champion_json(const Champion* champion) {
  if (champion == nullptr) return {};
  return Json::object({{"bundle", champion->bundle->id.text()},
                       {"run", json_text(champion->run)},
                       {"model", champion->model ? Json(champion->model->hex()) : Json()},
                       {"promoted_at", champion->promoted.text()}});
}

Json next_json(const std::vector<Filling>& fillings, Domain domain, const Records& records) {
  const auto filling = std::ranges::find(fillings, domain, &Filling::domain);
  if (filling == fillings.end()) return {};
  return Json::object(
      {{"bundle", filling->bundle.text()},
       {"promoted_at", filling->promoted.text()},
       {"events", filling->events},
       {"of", filling->of},
       {"problem",
        filling->problem.empty() ? Json() : Json(records.without_folder(filling->problem))}});
}

Json domains_json(const Champions& champions, const std::vector<Filling>& fillings,
                  const Activity::Summary& summary, const Records& records) {
  Json all = Json::array();
  for (const auto domain : kDomains) {
    const auto place = place_of(domain);
    std::uint64_t last_hour = 0;
    for (const auto& minute : summary.minutes) last_hour += minute.by_domain[place];
    all.push(Json::object({{"domain", name_of(domain)},
                           {"champion", champion_json(champions[place].get())},
                           {"next", next_json(fillings, domain, records)},
                           {"decided", summary.by_domain[place]},
                           {"last_hour", last_hour}}));
  }
  return all;
}

Json mails_json(const Activity::Summary& summary, std::size_t waiting) {
  const auto milliseconds = [](const std::optional<std::chrono::nanoseconds>& time) {
    return time ? Json(std::chrono::duration<double, std::milli>(*time).count()) : Json();
  };
  return Json::object({{"decided", summary.decided},
                       {"rate_per_minute", summary.a_minute},
                       {"p50_ms", milliseconds(summary.p50)},
                       {"p99_ms", milliseconds(summary.p99)},
                       {"waiting", waiting}});
}

Json sources_json(const SourceHealths& sources) {
  Json all = Json::array();
  for (const auto& [name, source] : sources) all.push(source_json(name, source));
  return all;
}

Json cases_json(const std::optional<CaseLag>& cases) {
  if (!cases) return {};
  return Json::object({{"waiting", cases->waiting}, {"lag_seconds", cases->lag.count()}});
}

Json series_json(const Activity::Summary& summary) {
  Json decided = Json::array();
  std::array<Json, kRoutes.size()> of_route;
  of_route.fill(Json::array());
  for (const auto& minute : summary.minutes) {
    std::uint64_t all = 0;
    for (std::size_t i = 0; i < kRoutes.size(); ++i) {
      of_route[i].push(Json::array({minute.begin.text(), minute.by_route[i]}));
      all += minute.by_route[i];
    }
    decided.push(Json::array({minute.begin.text(), all}));
  }
  Json by_route = Json::object();
  for (std::size_t i = 0; i < kRoutes.size(); ++i)
    by_route.set(std::string(name_of(kRoutes[i])), std::move(of_route[i]));
  return Json::object({{"decided", std::move(decided)}, {"by_route", std::move(by_route)}});
}

Json spool_json(const Intake& intake) {
  const auto use = intake.use();
  const auto age = lag_of(use);
  return Json::object({{"deliveries", use.records},
                       {"records", use.items},
                       {"bytes", use.bytes},
                       {"oldest_at", json_text(use.oldest)},
                       {"oldest_seconds", std::int64_t{age.count()}},
                       {"late", age >= Intake::kLate},
                       {"file_bytes", use.file_bytes},
                       {"max_bytes", use.max_bytes},
                       {"damages", use.damages}});
}

Json status_json(const Backing& backing, cases::CaseReader& cases) {
  const auto summary = backing.activity.summary();
  const auto use = backing.storage.use();
  return Json::object(
      {{"ready", backing.scorer.is_ready()},
       {"version", backing.version},
       {"build", backing.build},
       {"started_at", summary.started.text()},
       {"domains", domains_json(backing.scorer.champions(), backing.scorer.filling(), summary,
                                backing.records)},
       {"mails", mails_json(summary, backing.scorer.waiting())},
       {"spool", spool_json(backing.intake)},
       {"cases", cases_json(lag_of_cases(cases, backing.desk))},
       {"sources", sources_json(health_of(summary.sources, backing.intake.waiting_by_source(),
                                          backing.formats.sources()))},
       {"drift", drift_json(drift_of(backing.scorer.champions(), backing.scorer.mappings(),
                                     backing.scorer.kept()))},
       {"refused_mappings", refused_json(backing.scorer.refused_mappings())},
       {"storage", Json::object({{"bytes", use.bytes}, {"free_bytes", use.free}})},
       {"memory_bytes", resident_bytes()},
       {"series", series_json(summary)}});
}

}  // namespace

void watch(Call& call) {
  auto& response = call.response();
  auto& live = call.backing().live;
  if (call.request().method == http::Method::Head)
    return response.set(200, call.route().answer_type, "");
  if (live.is_full()) {
    return write_busy(std::chrono::seconds(30), "too many watch already", "try again later",
                      response);
  }
  live.add(call.take_stream(), call.who());
}

void tell_status(Call& call) {
  call.read_later([&backing = call.backing()](ReaderStores& stores, http::Response& response) {
    response.set(200, kJsonType, to_text(status_json(backing, stores.cases)) + "\n");
  });
}

}  // namespace winnow::server
