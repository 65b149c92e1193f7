#include "server/endpoints/deployment_endpoints.h"

#include <fmt/format.h>

#include "server/json_body.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMaxReasonBytes = 1000;
constexpr int kConflict = 409;  // a check of the bundle that does not hold

Result<std::string> reason_in(const Json& body) {
  WINNOW_TRY(auto reason, body.need_string("reason"));
  if (!reason.empty() && reason.size() <= kMaxReasonBytes) return reason;
  return Error(Code::InvalidArgument,
               fmt::format("'reason' is not 1 to {} bytes", kMaxReasonBytes));
}

struct RollbackWish {
  std::string domain, reason, actor;

  static Result<RollbackWish> of(const Call& call) {
    WINNOW_TRY(const auto body, json_body(call.request(), {"reason"}));
    WINNOW_TRY(auto reason, reason_in(body));
    return RollbackWish{call.variable(), std::move(reason), call.who().name};
  }
  Result<Promotion> grant(DeskStores& stores) const {
    return stores.deployments.rollback(domain, actor, reason);
  }
};

struct PromotionWish {
  std::string domain, bundle, reason, actor;

  static Result<PromotionWish> of(const Call& call) {
    WINNOW_TRY(const auto body, json_body(call.request(), {"reason", "bundle"}));
    WINNOW_TRY(auto bundle, body.need_string("bundle"));
    WINNOW_TRY(auto reason, reason_in(body));
    return PromotionWish{call.variable(), std::move(bundle), std::move(reason), call.who().name};
  }
  Result<Promotion> grant(DeskStores& stores) const {
    WINNOW_TRY(const auto listed, stores.registry.bundle(bundle));
    if (listed.bundle.domain == domain)
      return stores.deployments.promote(listed.id.text(), actor, reason);
    return Error(Code::Conflict, fmt::format("the bundle is one for '{}', not for '{}'",
                                             listed.bundle.domain, domain));
  }
};

// What is on record now decides.
Status act(DeskStores& stores, const Promotion& promotion, Scorer& scorer) {
  const auto domain = domain_named(promotion.domain);
  if (!domain) return {};
  WINNOW_TRY(auto champion, deployed_champion(stores.registry, stores.deployments, *domain));
  scorer.set_champion(std::move(champion));
  return {};
}

template <typename Wish>
void change_later(Call& call) {
  auto wish = Wish::of(call);
  if (!wish) return write_problem(wish.error(), call.response());
  call.change_later([&scorer = call.backing().scorer, wish = std::move(*wish)](
                        DeskStores& stores, http::Response& response) {
    const auto promotion = wish.grant(stores);
    if (!promotion) return write_problem(promotion.error(), kConflict, response);
    if (const auto acted = act(stores, *promotion, scorer); !acted)
      return write_problem(acted.error(), response);
    response.set(200, kJsonType, to_text(to_json(*promotion)) + "\n");
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

void promote_bundle(Call& call) { change_later<PromotionWish>(call); }
void roll_back(Call& call) { change_later<RollbackWish>(call); }

}  // namespace winnow::server
