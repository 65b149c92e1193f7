#include "server/endpoints/sign_in_endpoints.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/log.h"
#include "base/secret.h"
#include "server/access/cookie.h"
#include "server/access/oidc_sign_in.h"
#include "server/problem.h"
#include "server/query.h"

namespace winnow::server {
namespace {

constexpr std::string_view kAttemptCookie = "winnow_sign_in";
constexpr std::string_view kStartPath = "/v1/sign-in/oidc";

void redirect(http::Response& response, std::string_view to) {
  response.status = 303;
  response.add("location", to);
}

// A person sees the console's page, not a document; it has words for each of these.
void send_back(http::Response& response, std::string_view problem) {
  redirect(response, fmt::format("/sign-in?problem={}", problem));
}

// Parameters that we do not know are the provider's own: they are passed over (RFC 6749, 4.1.2).
std::string parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), piece.size() + 1));
    if (piece.substr(0, piece.find('=')) != name) continue;
    return decode_value(piece.substr(std::min(piece.size(), name.size() + 1)));
  }
  return {};
}

// Nothing is configured: a problem is written, and there is null.
OidcSignIn* provider_of(Call& call) {
  auto* const sign_in = call.backing().oidc;
  if (sign_in == nullptr) {
    write_problem(404, "no identity provider is configured", "server.oidc in winnow.yaml",
                  call.response());
  }
  return sign_in;
}

// What a sign-in that came back needs on its way through the threads.
struct Return {
  std::shared_ptr<Ticket> ticket;
  const Backing* backing;
  std::string address;
  bool encrypted;

  void fail(std::string_view problem, std::string_view why) const {
    backing->sign_ins.note_refusal(address, why, std::chrono::steady_clock::now());
    http::Response response;
    response.add("set-cookie", text_of({.name = kAttemptCookie, .value = {}}, encrypted));
    send_back(response, problem);
    ticket->answer(std::move(response));
  }
};

// On the desk's thread: first record, then act.
void open_session_of(const Return& way, const oidc::Person& person, Identity who,
                     DeskStores& stores) {
  auto& registry = stores.registry;
  const auto recorded =
      registry.audit().append({registry.clock().now(), who.name, "session.opened", who.id,
                               Json::object({{"address", way.address},
                                             {"issuer", person.issuer},
                                             {"subject", person.subject},
                                             {"role", name_of(who.role)}})});
  http::Response response;
  response.add("set-cookie", text_of({.name = kAttemptCookie, .value = {}}, way.encrypted));
  if (!recorded) {
    log::error("a sign-in is not on record", {{"error", recorded.error().text()}});
    send_back(response, "server");
  } else if (const auto kept = stores.sessions.put(way.backing->gate.open_session(who)); !kept) {
    log::error("a session cannot be kept", {{"error", kept.error().text()}});
    way.backing->gate.close_session(who);
    send_back(response, "server");
  } else {
    response.add("set-cookie",
                 text_of({.name = kSessionCookie, .value = who.session}, way.encrypted));
    redirect(response, "/");
  }
  way.ticket->answer(std::move(response));
}

// On the provider's thread.
void redeem(const Return& way, const OidcOptions& options, oidc::Provider& provider,
            const oidc::Answer& answer, const std::string& secret) {
  const auto person = provider.redeem(answer, oidc::proof_of(secret), way.backing->gate.now());
  if (!person) {
    log::warn("a sign-in by the identity provider failed", {{"error", person.error().text()}});
    const bool away = person.error().code() == Code::Unavailable;
    return way.fail(away ? "provider" : "refused", "oidc answer");
  }
  auto who = identity_of(*person, options);
  if (!who) {
    log::warn("somebody without a role signed in",
              {{"subject", person->subject}, {"claim", options.claim}});
    return way.fail("role", "oidc role");
  }
  Desk::Work open = [way, person = *person, who = std::move(*who)](DeskStores& stores) {
    open_session_of(way, person, who, stores);
  };
  if (!way.backing->desk.offer(std::move(open))) way.fail("busy", "busy");
}

}  // namespace

void list_ways(Call& call) {
  Json ways = Json::array();
  if (const auto* const sign_in = call.backing().oidc) {
    ways.push(
        Json::object({{"kind", "oidc"}, {"name", sign_in->options().name}, {"start", kStartPath}}));
  }
  ways.push(Json::object({{"kind", "token"}, {"name", "a token"}, {"start", Json()}}));
  call.response().set(200, kJsonType, to_text(Json::object({{"ways", std::move(ways)}})) + "\n");
}

void go_to_provider(Call& call) {
  auto* const sign_in = provider_of(call);
  if (sign_in == nullptr) return;
  auto& gate = call.backing().gate;
  if (const auto refusal = gate.check_attempt(call.request(), call.started()))
    return write_refusal(*refusal, call.response());
  const auto ticket = std::make_shared<Ticket>(call.take_ticket());
  OidcSignIn::Work ask = [ticket, sign_in, &gate,
                          encrypted = is_encrypted(call.request())](oidc::Provider& provider) {
    http::Response response;
    const auto secret = oidc::new_secret();
    const auto url = provider.sign_in_url(oidc::proof_of(secret), gate.now());
    if (!url) {
      log::error("the identity provider cannot be used", {{"error", url.error().text()}});
      send_back(response, "provider");
    } else {
      sign_in->attempts().begin(secret, gate.now());
      response.add("set-cookie", text_of({.name = kAttemptCookie,
                                          .value = secret,
                                          .same_site = SameSite::Lax,  // the way back is theirs
                                          .kept = SignInAttempts::kTime},
                                         encrypted));
      redirect(response, *url);
    }
    ticket->answer(std::move(response));
  };
  if (!sign_in->offer(std::move(ask))) ticket->answer(queue_full());
}

void come_back(Call& call) {
  auto* const sign_in = provider_of(call);
  if (sign_in == nullptr) return;
  auto& backing = call.backing();
  const auto& request = call.request();
  if (const auto refusal = backing.gate.check_attempt(request, call.started()))
    return write_refusal(*refusal, call.response());
  const std::string secret(cookie_of(request, kAttemptCookie));
  const auto state = parameter(request.query, "state");
  const auto error = parameter(request.query, "error");
  const oidc::Answer answer{parameter(request.query, "code"), parameter(request.query, "iss")};
  const bool is_ours =
      !secret.empty() && equal_in_constant_time(state, oidc::proof_of(secret).state);
  Return way{std::make_shared<Ticket>(call.take_ticket()), &backing, std::string(request.peer),
             is_encrypted(request)};
  if (!is_ours || !sign_in->attempts().take(secret, backing.gate.now()))
    return way.fail("expired", "oidc state");
  if (!error.empty())
    return way.fail(error == "access_denied" ? "denied" : "provider", "oidc error");
  if (answer.code.empty()) return way.fail("refused", "oidc code");
  OidcSignIn::Work work = [way, sign_in, answer, secret](oidc::Provider& provider) {
    redeem(way, sign_in->options(), provider, answer, secret);
  };
  if (!sign_in->offer(std::move(work))) way.fail("busy", "busy");
}

}  // namespace winnow::server
