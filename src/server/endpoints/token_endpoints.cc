#include "server/endpoints/token_endpoints.h"

#include "server/json_body.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

constexpr std::chrono::hours kUsualLifetime(90 * 24);

// From now on the gate knows them so. The table in SQL follows the audit log by itself.
Status tell_gate(DeskStores& stores, Gate& gate) {
  WINNOW_TRY(const auto known, stores.tokens.list());
  gate.set_tokens(known);
  return {};
}

struct Wish {
  std::string name;
  Role role;
  std::optional<Duration> lifetime;
};

Result<Wish> wish_of(const http::Request& request, Timestamp now) {
  WINNOW_TRY(const auto body, json_body(request, {"name", "role", "expires"}));
  Wish wish{{}, Role::Sensor, kUsualLifetime};
  WINNOW_TRY(wish.name, body.need_string("name"));
  WINNOW_TRY(const auto role, body.need_string("role"));
  WINNOW_TRY(wish.role, role_named(role));
  const auto* const expires = body.find("expires");
  if (expires == nullptr) return wish;
  wish.lifetime.reset();
  if (expires->is_null()) return wish;
  WINNOW_TRY(const auto until, body.need_string("expires"));
  WINNOW_TRY(const auto time, Timestamp::parse(until));
  if (time <= now) return Error(Code::InvalidArgument, "'expires' is not in the future");
  wish.lifetime = time - now;
  return wish;
}

}  // namespace

void list_tokens(Call& call) {
  call.change_later([](DeskStores& stores, http::Response& response) {
    const auto tokens = stores.tokens.list();
    if (!tokens) return write_problem(tokens.error(), response);
    Json all = Json::array();
    for (const auto& token : *tokens) all.push(token_json(token));
    response.set(200, kJsonType, to_text(Json::object({{"tokens", std::move(all)}})) + "\n");
  });
}

void create_token(Call& call) {
  auto& gate = call.backing().gate;
  auto wish = wish_of(call.request(), gate.now());
  if (!wish) return write_problem(wish.error(), call.response());
  call.change_later([&gate, wish = std::move(*wish), actor = call.who().name](
                        DeskStores& stores, http::Response& response) {
    const auto made = stores.tokens.create(wish.name, wish.role, wish.lifetime, actor);
    if (!made) return write_problem(made.error(), response);
    if (const auto told = tell_gate(stores, gate); !told)
      return write_failure(told.error(), response);
    auto document = token_json(made->token);
    document.set("token", made->text);
    response.set(201, kJsonType, to_text(document) + "\n");
  });
}

void revoke_token(Call& call) {
  auto& gate = call.backing().gate;
  call.change_later([&gate, name = call.variable(), actor = call.who().name](
                        DeskStores& stores, http::Response& response) {
    const auto token = stores.tokens.revoke(name, actor);
    if (!token) return write_problem(token.error(), response);
    if (const auto told = tell_gate(stores, gate); !told)
      return write_failure(told.error(), response);
    response.set(200, kJsonType, to_text(token_json(*token)) + "\n");
  });
}

}  // namespace winnow::server
