#include "server/endpoints/retention_endpoints.h"

#include <memory>

#include "base/json_text.h"
#include "server/problem.h"
#include "server/threads/expiry.h"

namespace winnow::server {
namespace {

Json last_json(const Records& records, const std::optional<Expiry::Run>& last) {
  if (!last) return {};
  return Json::object(
      {{"by", last->actor},
       {"begun_at", last->begun.text()},
       {"ended_at", last->ended.text()},
       {"rows", last->rows},
       {"mails_erased", last->erased.events},
       {"bytes_erased", last->erased.bytes},
       {"problem", last->problem.empty() ? Json() : Json(records.without_folder(last->problem))}});
}

Json retention_json(const Backing& backing) {
  const auto& expiry = backing.expiry;
  const auto standing = expiry.standing();
  Json rules = Json::array();
  for (const auto& [kind, kept_for] : expiry.options().policy) {
    rules.push(Json::object(
        {{"rule", std::string(rule_of(kind))}, {"days", std::int64_t{kept_for.count()}}}));
  }
  return Json::object({{"rules", std::move(rules)},
                       {"next_at", json_text(standing.next)},
                       {"running", standing.runs},
                       {"last", last_json(backing.records, standing.last)}});
}

}  // namespace

void tell_retention(Call& call) {
  call.response().set(200, kJsonType, to_text(retention_json(call.backing())) + "\n");
}

void plan_retention_now(Call& call) {
  auto& backing = call.backing();
  if (!backing.searchers.begin_long()) {
    return write_busy(std::chrono::seconds(3), "somebody else plans or replays history already",
                      "one runs at a time; it takes seconds", call.response());
  }
  const auto turn = std::make_shared<LongTurn>(backing.searchers);
  call.search_later([&expiry = backing.expiry, turn](SearchStores&, http::Response& response) {
    const auto plans = expiry.plan();
    turn->end();  // before the answer: whoever has it may ask again
    if (!plans && plans.error().code() == Code::Timeout)
      return write_problem(503, plans.error().message(), plans.error().hint(), response);
    if (!plans) return write_problem(plans.error(), response);
    Json all = Json::array();
    for (const auto& plan : *plans) all.push(plan_json(plan));
    response.set(200, kJsonType, to_text(Json::object({{"plans", std::move(all)}})) + "\n");
  });
}

void apply_retention_now(Call& call) {
  auto& expiry = call.backing().expiry;
  if (expiry.options().policy.empty()) {
    return write_problem(409, "everything is kept for ever",
                         "retention.* in winnow.yaml says otherwise", call.response());
  }
  if (!expiry.ask(call.who().name)) {
    return write_problem(409, "it runs already", "GET /v1/retention tells when it has ended",
                         call.response());
  }
  call.response().set(202, kJsonType, to_text(retention_json(call.backing())) + "\n");
}

}  // namespace winnow::server
