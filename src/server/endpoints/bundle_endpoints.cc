#include "server/endpoints/bundle_endpoints.h"

#include <fmt/format.h>

#include "base/json_text.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMostBundles = 100;

// Null for a bundle without a model, or with one that somebody brought.
Result<Json> run_of_model(Registry& registry, const Bundle& bundle) {
  const auto model = bundle.only(ArtifactKind::Model);
  if (!model) return Json();
  WINNOW_TRY(const auto artifact, registry.artifact(model->digest));
  return json_text(artifact.run);
}

// The newest bundles, and which of them decides.
Result<Json> bundles_json(RecordStores& stores, const std::string& domain) {
  WINNOW_TRY(const auto bundles, stores.registry->bundles(domain));
  const auto champion = stores.deployments.champion(domain);
  Json all = Json::array();
  for (const auto& listed : bundles) {
    if (all.size() == kMostBundles) break;
    Json artifacts = Json::array();
    for (const auto& ref : listed.bundle.artifacts) artifacts.push(to_json(ref));
    WINNOW_TRY(auto run, run_of_model(*stores.registry, listed.bundle));
    all.push(Json::object({{"id", listed.id.text()},
                           {"domain", listed.bundle.domain},
                           {"created", listed.created.text()},
                           {"actor", listed.actor},
                           {"run", std::move(run)},
                           {"champion", champion && champion->champion == listed.id},
                           {"artifacts", std::move(artifacts)}}));
  }
  return Json::object({{"bundles", std::move(all)}});
}

// Of a rollback where no bundle is named.
Result<PromotionPlan> plan_of(Deployments& deployments, const std::string& domain,
                              const std::string& bundle) {
  if (bundle.empty()) return deployments.plan_rollback(domain);
  WINNOW_TRY(auto plan, deployments.plan(bundle));
  if (plan.domain == domain) return plan;
  return Error(Code::Conflict,
               fmt::format("the bundle is one for '{}', not for '{}'", plan.domain, domain));
}

Json plan_json(const PromotionPlan& plan, const Records& records) {
  Json checks = Json::array();
  for (const auto& check : plan.checks) {
    checks.push(Json::object({{"name", check.name},
                              {"holds", check.holds},
                              {"doubtful", check.doubtful},
                              {"detail", records.without_folder(check.detail)}}));
  }
  return Json::object({{"domain", plan.domain},
                       {"champion", plan.champion.text()},
                       {"before", json_text(plan.before)},
                       {"holds", plan.holds()},
                       {"checks", std::move(checks)}});
}

}  // namespace

void list_bundles(Call& call) {
  if (const auto query = Query::parse(call.request().query, call.route()); !query)
    return write_problem(query.error(), call.response());
  call.look_up_later([domain = call.variable()](RecordStores& stores, http::Response& response) {
    const auto bundles = bundles_json(stores, domain);
    if (!bundles) return write_problem(bundles.error(), response);
    response.set(200, kJsonType, to_text(*bundles) + "\n");
  });
}

void plan_deployment(Call& call) {
  const auto query = Query::parse(call.request().query, call.route());
  if (!query) return write_problem(query.error(), call.response());
  call.look_up_later(
      [domain = call.variable(), bundle = query->text("bundle"), &records = call.backing().records](
          RecordStores& stores, http::Response& response) {
        const auto plan = plan_of(stores.deployments, domain, bundle);
        if (!plan) return write_problem(plan.error(), response);
        response.set(200, kJsonType, to_text(plan_json(*plan, records)) + "\n");
      });
}

}  // namespace winnow::server
