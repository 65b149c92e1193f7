#include "server/deployment_endpoints.h"

#include <fmt/format.h>

#include "server/json_body.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMaxReasonBytes = 1000;

struct Wish {
  std::string domain, bundle, reason, actor;  // no bundle: a rollback
};

Result<Wish> wish_of(const Call& call, std::initializer_list<std::string_view> members) {
  WINNOW_TRY(const auto body, json_body(call.request(), members));
  Wish wish{call.variable(), {}, {}, call.who().name};
  if (members.size() > 1) {
    WINNOW_TRY(wish.bundle, body.need_string("bundle"));
  }
  WINNOW_TRY(wish.reason, body.need_string("reason"));
  if (!wish.reason.empty() && wish.reason.size() <= kMaxReasonBytes) return wish;
  return Error(Code::InvalidArgument,
               fmt::format("'reason' is not 1 to {} bytes", kMaxReasonBytes));
}

// First compile, then record, then act: what cannot run is not promoted, and what is not on record
// does not run.
Result<Promotion> change(DeskStores& stores, const Wish& wish, Scorer& scorer) {
  auto& deployments = stores.deployments;
  WINNOW_TRY(const auto plan, wish.bundle.empty() ? deployments.plan_rollback(wish.domain)
                                                  : deployments.plan(wish.bundle));
  if (plan.domain != wish.domain) {
    return Error(Code::Conflict,
                 fmt::format("the bundle is one for '{}', not for '{}'", plan.domain, wish.domain));
  }
  Champion champion;
  if (wish.domain == kMailDomain && plan.holds()) {
    WINNOW_TRY(champion, load_champion(stores.registry, plan.champion));
  }
  WINNOW_TRY(const auto promotion,
             wish.bundle.empty()
                 ? deployments.rollback(wish.domain, wish.actor, wish.reason)
                 : deployments.promote(plan.champion.text(), wish.actor, wish.reason));
  champion.promoted = promotion.at;
  if (champion.bundle) scorer.set_champion(std::make_shared<const Champion>(std::move(champion)));
  return promotion;
}

void change_later(Call& call, Result<Wish> wish) {
  if (!wish) return write_problem(wish.error(), call.response());
  call.change_later([&scorer = call.backing().scorer, wish = std::move(*wish)](
                        DeskStores& stores, http::Response& response) {
    const auto promotion = change(stores, wish, scorer);
    if (promotion) return response.set(200, kJsonType, to_text(to_json(*promotion)) + "\n");
    const auto& error = promotion.error();
    if (error.code() == Code::Denied)
      return write_problem(409, error.message(), error.hint(), response);
    write_problem(error, response);
  });
}

}  // namespace

void list_deployments(Call& call) {
  call.change_later([domain = call.variable()](DeskStores& stores, http::Response& response) {
    const auto history = stores.deployments.history(domain);
    if (!history) return write_problem(history.error(), response);
    Json all = Json::array();
    for (const auto& promotion : *history) all.push(to_json(promotion));
    response.set(200, kJsonType, to_text(Json::object({{"history", std::move(all)}})) + "\n");
  });
}

void promote_bundle(Call& call) { change_later(call, wish_of(call, {"reason", "bundle"})); }
void roll_back(Call& call) { change_later(call, wish_of(call, {"reason"})); }

}  // namespace winnow::server
