#include "milter/scoring_client.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/log.h"

namespace winnow::milter {
namespace {

constexpr std::size_t kLongestDecision = 2 + 64;  // "d-" and a SHA-256

bool names_a_decision(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return text.starts_with("d-") && text.size() > 2 && text.size() <= kLongestDecision &&
         text.find_first_not_of(kDigits, 2) == std::string_view::npos;
}

// The server's words become header fields: only what it is known to say is taken.
Outcome decision_in(std::string_view body) {
  const auto json = parse_json(body);
  if (!json) return Unscored::Unavailable;
  const auto route = route_named((*json)["route"].as_string());
  const auto& id = (*json)["id"].as_string();
  if (!route || !names_a_decision(id)) return Unscored::Unavailable;
  const auto& probability = (*json)["probability"];
  return Scored{id, *route,
                probability.is_number() ? std::optional(probability.as_double()) : std::nullopt};
}

void tell_refusal(const Fetched& answer) {
  const auto json = parse_json(answer.body);
  const bool mendable = answer.status == 401 || answer.status == 403;
  const Json detail = json ? (*json)["detail"] : Json();
  if (mendable) {
    return log::error(
        "the scoring server refuses the token",
        {{"status", answer.status},
         {"detail", detail},
         {"hint", "winnow tokens create NAME --role sensor makes one that it takes"}});
  }
  log::warn("the scoring server gives no decision",
            {{"status", answer.status}, {"detail", detail}});
}

}  // namespace

Outcome outcome_of(long status, std::string_view body) {
  if (status == 200) return decision_in(body);
  if (status == 413) return Unscored::TooLarge;
  return status == 422 ? Unscored::Unusable : Unscored::Unavailable;
}

ScoringClient::ScoringClient(ScoringServer server) : server_(std::move(server)) {
  while (server_.url.ends_with('/')) server_.url.pop_back();
}

Outcome ScoringClient::score(std::string_view mail) {
  auto fetch = take();
  const auto answer = fetch->post(server_.url + "/v1/score/mail", "message/rfc822", mail,
                                  "Bearer " + server_.token);
  put_back(std::move(fetch));
  if (!answer) {
    log::warn("the scoring server does not answer", {{"error", answer.error().text()}});
    return Unscored::Unavailable;
  }
  auto outcome = outcome_of(answer->status, answer->body);
  const auto* const why = std::get_if<Unscored>(&outcome);
  if (why != nullptr && *why == Unscored::Unavailable) tell_refusal(*answer);
  return outcome;
}

std::unique_ptr<Fetch> ScoringClient::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto fetch = std::move(idle_.back());
      idle_.pop_back();
      return fetch;
    }
  }
  return std::make_unique<Fetch>(
      FetchOptions{.connect = std::min(server_.timeout, FetchOptions().connect),
                   .total = server_.timeout,
                   .authorities = server_.authorities});
}

void ScoringClient::put_back(std::unique_ptr<Fetch> fetch) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(fetch));
}

}  // namespace winnow::milter
