#include "server/endpoints/session_endpoints.h"

#include <algorithm>

#include "base/json_text.h"
#include "server/access/cookie.h"
#include "server/json_body.h"
#include "server/problem.h"

namespace winnow::server {
namespace {

Json me_json(const Identity& who, const std::string& workspace) {
  return Json::object({{"name", who.name},
                       {"role", name_of(who.role)},
                       {"csrf", who.session.empty() ? Json() : Json(csrf_of(who.session))},
                       {"workspace", workspace},
                       {"expires_at", json_text(who.expires)}});
}

std::string session_cookie(std::string_view secret, bool encrypted) {
  return text_of({.name = kSessionCookie, .value = secret}, encrypted);
}

AuditEntry entry_of(const Identity& who, std::string_view action, std::string_view address,
                    const Clock& clock) {
  return {clock.now(), who.name, std::string(action), who.id, Json::object({{"address", address}})};
}

}  // namespace

void open_session(Call& call) {
  const auto body = json_body(call.request(), {"token"});
  if (!body) return write_problem(body.error(), call.response());
  const auto token = body->need_string("token");
  if (!token) return write_problem(token.error(), call.response());
  auto& backing = call.backing();
  auto who = backing.gate.identify_token(*token);
  const auto refusal =
      backing.gate.check_sign_in(call.request(), who ? &*who : nullptr, call.started());
  if (refusal) {
    if (refusal->status == 401) backing.sign_ins.note_failure(call.request().peer, call.started());
    return write_refusal(*refusal, call.response());
  }
  call.change_later([&backing, who = std::move(*who), address = std::string(call.request().peer),
                     encrypted = is_encrypted(call.request())](DeskStores& stores,
                                                               http::Response& response) mutable {
    auto& registry = stores.registry;
    // First record, then act.
    const auto recorded =
        registry.audit().append(entry_of(who, "session.opened", address, registry.clock()));
    if (!recorded) return write_failure(recorded.error(), response);
    const auto kept = stores.sessions.put(backing.gate.open_session(who));
    if (!kept) {
      backing.gate.close_session(who);
      return write_failure(kept.error(), response);
    }
    response.add("set-cookie", session_cookie(who.session, encrypted));
    response.set(200, kJsonType, to_text(me_json(who, backing.workspace)) + "\n");
  });
}

void close_session(Call& call) {
  const auto& who = call.who();
  if (who.session.empty()) {
    return write_problem(409, "the request comes with a token, not with a session",
                         "winnow tokens revoke ends a token", call.response());
  }
  auto& backing = call.backing();
  backing.gate.close_session(who);
  call.change_later(
      [who, address = std::string(call.request().peer), encrypted = is_encrypted(call.request())](
          DeskStores& stores, http::Response& response) {
        response.add("set-cookie", session_cookie("", encrypted));
        // An answer says that it has ended for good, also for a server that starts anew.
        const auto removed = stores.sessions.remove(sha256(who.session));
        if (!removed) return write_failure(removed.error(), response);
        auto& registry = stores.registry;
        const auto recorded =
            registry.audit().append(entry_of(who, "session.closed", address, registry.clock()));
        if (!recorded) return write_failure(recorded.error(), response);
        response.status = 204;
      });
}

void tell_who(Call& call) {
  call.response().set(200, kJsonType,
                      to_text(me_json(call.who(), call.backing().workspace)) + "\n");
}

void list_sessions(Call& call) {
  Json sessions = Json::array();
  for (const auto& one : call.backing().gate.signed_in()) {
    sessions.push(Json::object({{"id", one.id},
                                {"name", one.name},
                                {"role", name_of(one.role)},
                                {"by_provider", one.by_provider},
                                {"opened", one.opened.text()},
                                {"used", one.used.text()},
                                {"ends", one.ends.text()}}));
  }
  call.response().set(200, kJsonType,
                      to_text(Json::object({{"sessions", std::move(sessions)}})) + "\n");
}

void end_sessions(Call& call) {
  auto& gate = call.backing().gate;
  std::vector<SessionOwner> owners;
  for (auto& one : gate.signed_in()) owners.push_back({std::move(one.id), std::move(one.name)});
  const auto meant = owner_called(owners, call.variable());
  if (!meant && meant.error().code() == Code::NotFound) {
    return write_problem(404, meant.error().message(), "GET /v1/sessions shows who is",
                         call.response());
  }
  if (!meant) return write_problem(meant.error(), call.response());
  call.change_later([&gate, meant = *meant, actor = call.who().name](DeskStores& stores,
                                                                     http::Response& response) {
    auto& registry = stores.registry;
    // First record, then act.
    const auto recorded = registry.audit().append({registry.clock().now(), actor, "session.ended",
                                                   meant.id, Json::object({{"name", meant.name}})});
    if (!recorded) return write_failure(recorded.error(), response);
    gate.close_sessions_of(meant.id);
    const auto ended = stores.sessions.end_all_of(meant.id);
    if (!ended) return write_failure(ended.error(), response);
    response.set(
        200, kJsonType,
        to_text(Json::object({{"id", meant.id}, {"name", meant.name}, {"ended", *ended}})) + "\n");
  });
}

void list_people(Call& call) {
  Json people = Json::array();
  for (const auto& [name, role] : call.backing().gate.people(kWorkTheQueue))
    people.push(Json::object({{"name", name}, {"role", name_of(role)}}));
  call.response().set(200, kJsonType,
                      to_text(Json::object({{"people", std::move(people)}})) + "\n");
}

}  // namespace winnow::server
