#include "server/endpoints/hold_endpoints.h"

#include "server/endpoints/case_bodies.h"
#include "server/json_body.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

// Absent and null are the same. Errors: InvalidArgument.
Result<std::optional<std::string>> text_in(const Json& body, std::string_view member) {
  if (body[member].is_null()) return std::optional<std::string>();
  WINNOW_TRY(auto text, body.need_string(member));
  return std::optional(std::move(text));
}

Result<NewHold> wish_of(const http::Request& request) {
  WINNOW_TRY(const auto body, json_body(request, {"scope", "reason"}));
  NewHold wish;
  WINNOW_TRY(const auto* scope, body.need_object("scope"));
  WINNOW_TRY(check_members(*scope, {"case", "mailbox", "from", "until"}));
  WINNOW_TRY(wish.scope.case_id, text_in(*scope, "case"));
  WINNOW_TRY(wish.scope.mailbox, text_in(*scope, "mailbox"));
  WINNOW_TRY(wish.scope.from, time_in(*scope, "from"));
  WINNOW_TRY(wish.scope.until, time_in(*scope, "until"));
  WINNOW_TRY(wish.reason, body.need_string("reason"));
  return checked(std::move(wish));
}

}  // namespace

void list_holds(Call& call) {
  call.read_later([](ReaderStores& stores, http::Response& response) {
    const auto found = stores.holds.all();
    if (!found) return write_problem(found.error(), response);
    Json all = Json::array();
    for (const auto& one : *found) all.push(hold_json(one));
    response.set(200, kJsonType, to_text(Json::object({{"holds", std::move(all)}})) + "\n");
  });
}

void place_hold(Call& call) {
  auto wish = wish_of(call.request());
  if (!wish) return write_problem(wish.error(), call.response());
  call.change_later([wish = std::move(*wish), actor = call.who().name](DeskStores& stores,
                                                                       http::Response& response) {
    const auto placed = stores.holds.place(wish, actor);
    if (!placed) return write_problem(placed.error(), response);
    response.set(201, kJsonType, to_text(hold_json(*placed)) + "\n");
  });
}

void release_hold(Call& call) {
  call.change_later([id = call.variable(), actor = call.who().name](DeskStores& stores,
                                                                    http::Response& response) {
    const auto released = stores.holds.release(id, actor);
    if (!released) return write_problem(released.error(), response);
    response.set(200, kJsonType, to_text(hold_json(*released)) + "\n");
  });
}

}  // namespace winnow::server
