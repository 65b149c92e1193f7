#include "server/endpoints/suppression_endpoints.h"

#include "cases/case_json.h"
#include "server/endpoints/case_bodies.h"
#include "server/json_body.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

Result<cases::NewSuppression> wish_of(const http::Request& request) {
  WINNOW_TRY(const auto body, json_body(request, {"scope", "reason", "expires"}));
  cases::NewSuppression wish;
  WINNOW_TRY(const auto* scope, body.need_object("scope"));
  WINNOW_TRY(wish.scope, scope_in(*scope));
  WINNOW_TRY(wish.reason, body.need_string("reason"));
  WINNOW_TRY(wish.expires, time_in(body, "expires"));
  return wish;
}

}  // namespace

void list_suppressions(Call& call) {
  call.read_later([](ReaderStores& stores, http::Response& response) {
    const auto found = stores.cases.suppressions();
    if (!found) return write_problem(found.error(), response);
    Json all = Json::array();
    for (const auto& one : *found) all.push(cases::suppression_json(one));
    response.set(200, kJsonType, to_text(Json::object({{"suppressions", std::move(all)}})) + "\n");
  });
}

void create_suppression(Call& call) {
  auto wish = wish_of(call.request());
  if (!wish) return write_problem(wish.error(), call.response());
  call.change_later(
      [wish = std::move(*wish), actor = call.who().name, reach = reach_of(call.who().role)](
          DeskStores& stores, http::Response& response) {
        const auto made = stores.cases.suppress(wish, actor, reach);
        if (!made) return write_problem(made.error(), response);
        response.set(201, kJsonType, to_text(cases::suppression_json(*made)) + "\n");
      });
}

void revoke_suppression(Call& call) {
  call.change_later([id = call.variable(), actor = call.who().name](DeskStores& stores,
                                                                    http::Response& response) {
    const auto revoked = stores.cases.revoke(id, actor);
    if (!revoked) return write_problem(revoked.error(), response);
    response.set(200, kJsonType, to_text(cases::suppression_json(*revoked)) + "\n");
  });
}

}  // namespace winnow::server
