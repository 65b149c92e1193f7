#include "oidc/provider.h"

#include <fmt/format.h>

#include "base/digest.h"
#include "fetch/fetch.h"
#include "oidc/detail/discovery.h"
#include "oidc/detail/key_set.h"

namespace winnow::oidc {
namespace {

constexpr Duration kKnown = std::chrono::hours(1);          // then it is asked again
constexpr Duration kRest = std::chrono::seconds(5);         // after a failure
constexpr Duration kBetweenKeys = std::chrono::minutes(1);  // when a token names an unknown one

// application/x-www-form-urlencoded, of which RFC 3986's unreserved letters stay as they are.
std::string escaped(std::string_view text) {
  std::string out;
  for (const unsigned char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.' || c == '_' || c == '~';
    if (plain) {
      out.push_back(static_cast<char>(c));
    } else {
      out += fmt::format("%{:02X}", c);
    }
  }
  return out;
}

using Pairs = std::initializer_list<std::pair<std::string_view, std::string_view>>;
std::string form_of(Pairs pairs) {
  std::string form;
  for (const auto& [name, value] : pairs) {
    if (!form.empty()) form += '&';
    form += fmt::format("{}={}", name, escaped(value));
  }
  return form;
}

Result<std::string> body_of(Result<Fetched> fetched, const Url& url) {
  if (!fetched) return std::move(fetched).error();
  if (fetched->status == 200) return std::move(fetched->body);
  return Error(Code::Unavailable,
               fmt::format("{} answers {}", url.without_query(), fetched->status));
}

// RFC 6749, section 5.2: a short word, for the log.
std::string reason_in(std::string_view body) {
  const auto json = parse_json(body);
  std::string reason = json ? (*json)["error"].as_string().substr(0, 60) : "";
  std::erase_if(reason, [](char c) { return c < ' ' || c >= 0x7F; });
  return reason.empty() ? "without a reason" : reason;
}

}  // namespace

struct Provider::State {
  ProviderOptions options;
  Url discovery_url;
  Fetch fetch{{.total = options.patience}};
  std::optional<Discovery> discovery = {};
  std::optional<KeySet> keys = {};
  std::optional<Error> failure = {};
  Timestamp discovered = {}, failed = {}, fetched_keys = {};

  Result<const Discovery*> discover(Timestamp now) {
    if (discovery && now - discovered < kKnown) return &*discovery;
    // Those who wait for a provider that is away do not wait one after the other.
    if (failure && now - failed < kRest) return *failure;
    auto found = ask(now);
    failure = found ? std::nullopt : std::optional(found.error());
    failed = now;
    return found;
  }

  Result<const Discovery*> ask(Timestamp now) {
    WINNOW_TRY(const auto document, body_of(fetch.get(discovery_url.href()), discovery_url));
    WINNOW_TRY(discovery, discovery_of(document, options.issuer, options.hosts));
    discovered = now;
    keys.reset();
    return &*discovery;
  }

  Status fetch_keys(const Discovery& provider, Timestamp now) {
    WINNOW_TRY(const auto document, body_of(fetch.get(provider.keys.href()), provider.keys));
    WINNOW_TRY(keys, KeySet::of(document));
    fetched_keys = now;
    return {};
  }

  // A key that nobody knows may be a new one; but tokens do not make us ask all the time.
  Result<std::string> verified(const Discovery& provider, std::string_view token, Timestamp now) {
    if (!keys) {
      WINNOW_TRY(fetch_keys(provider, now));
    }
    auto payload = keys->verified(token);
    if (payload || payload.error().code() != Code::NotFound || now - fetched_keys < kBetweenKeys)
      return payload;
    WINNOW_TRY(fetch_keys(provider, now));
    return keys->verified(token);
  }

  // RFC 6749, section 4.1.3, with RFC 7636's verifier.
  Result<std::string> id_token(const Discovery& provider, std::string_view code,
                               const Proof& proof) {
    auto form = form_of({{"grant_type", "authorization_code"},
                         {"code", code},
                         {"redirect_uri", options.redirect_uri},
                         {"code_verifier", proof.verifier}});
    std::string authorization;
    if (options.client_secret.empty() || provider.takes_secret_in_form) {
      form += "&" + form_of({{"client_id", options.client_id}});
      if (!options.client_secret.empty())
        form += "&" + form_of({{"client_secret", options.client_secret}});
    } else {
      authorization = "Basic " + to_base64(fmt::format("{}:{}", escaped(options.client_id),
                                                       escaped(options.client_secret)));
    }
    WINNOW_TRY(const auto fetched,
               fetch.post(provider.token.href(), "application/x-www-form-urlencoded", form,
                          authorization));
    if (fetched.status >= 400 && fetched.status < 500) {
      return Error(Code::Denied,
                   fmt::format("the provider does not take the code: {}", reason_in(fetched.body)));
    }
    WINNOW_TRY(const auto body, body_of(fetched, provider.token));
    WINNOW_TRY(const auto json, parse_json(body));
    return json.need_string("id_token");
  }
};

Provider::Provider(std::unique_ptr<State> state) : state_(std::move(state)) {}
Provider::~Provider() = default;

Result<std::unique_ptr<Provider>> Provider::make(ProviderOptions options) {
  WINNOW_TRY(auto url, discovery_url(options.issuer));
  WINNOW_TRY(trusted_url(options.redirect_uri));
  return std::unique_ptr<Provider>(
      new Provider(std::unique_ptr<State>(new State{std::move(options), std::move(url)})));
}

void Provider::stop() { state_->fetch.stop(); }

Result<std::string> Provider::sign_in_url(const Proof& proof, Timestamp now) {
  WINNOW_TRY(const auto* const provider, state_->discover(now));
  const auto& options = state_->options;
  return fmt::format("{}{}{}", provider->authorization.href(),
                     provider->authorization.query() ? "&" : "?",
                     form_of({{"response_type", "code"},
                              {"client_id", options.client_id},
                              {"redirect_uri", options.redirect_uri},
                              {"scope", options.scopes},
                              {"state", proof.state},
                              {"nonce", proof.nonce},
                              {"code_challenge", proof.challenge},
                              {"code_challenge_method", "S256"}}));
}

Result<Person> Provider::redeem(const Answer& answer, const Proof& proof, Timestamp now) {
  WINNOW_TRY(const auto* const provider, state_->discover(now));
  const auto& options = state_->options;
  // RFC 9207, section 2.4: the code goes to nobody but who gave it.
  if (answer.issuer.empty() ? provider->names_itself : answer.issuer != options.issuer)
    return Error(Code::Denied, "the answer is not the provider's");
  WINNOW_TRY(const auto token, state_->id_token(*provider, answer.code, proof));
  WINNOW_TRY(const auto payload, state_->verified(*provider, token, now));
  return person_of(payload, {options.issuer, options.client_id, proof.nonce}, now);
}

}  // namespace winnow::oidc
