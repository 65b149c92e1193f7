#include "milter/scoring_client.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "base/log.h"

namespace winnow::milter {
namespace {

constexpr std::size_t kMaxTokenBytes = 1024;
constexpr Duration kSoon = std::chrono::hours(14 * 24);  // a token's end is told before
constexpr std::size_t kLongestDecision = 2 + 64;         // "d-" and a SHA-256

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

Result<std::string> token_in(const Path& file) {
  WINNOW_TRY(auto token, read_file(file, kMaxTokenBytes));
  while (!token.empty() && token.back() <= ' ') token.pop_back();
  return token;
}

ScoringClient::ScoringClient(ScoringServer server)
    : server_(std::move(server)), token_(server_.token) {}

Outcome ScoringClient::score(std::string_view mail) {
  const auto used = token();
  auto answer = post(mail, used);
  if (answer && answer->status == 401 && has_new_token(used)) answer = post(mail, token());
  if (!answer) {
    log::warn("the scoring server does not answer", {{"error", answer.error().text()}});
    return Unscored::Unavailable;
  }
  auto outcome = outcome_of(answer->status, answer->body);
  const auto* const why = std::get_if<Unscored>(&outcome);
  if (why != nullptr && *why == Unscored::Unavailable) tell_refusal(*answer);
  return outcome;
}

std::vector<std::string> ScoringClient::concerns(Timestamp now) {
  auto fetch = take();
  const auto answer = fetch->get(server_.url + "/v1/me", "Bearer " + token());
  put_back(std::move(fetch));
  if (!answer) return {answer.error().text()};
  if (answer->status != 200)
    return {fmt::format("the scoring server answers the token with {}", answer->status)};
  std::vector<std::string> found;
  const auto me = parse_json(answer->body).value_or(Json());
  const auto& role = me["role"].as_string();
  if (role != "sensor")
    found.push_back(fmt::format("the token's role is '{}', and sensor is needed", role));
  const auto end = Timestamp::parse(me["expires_at"].as_string());
  if (end && *end < now + kSoon) found.push_back(fmt::format("the token ends on {}", end->date()));
  return found;
}

Result<Fetched> ScoringClient::post(std::string_view mail, const std::string& token) {
  auto fetch = take();
  auto answer =
      fetch->post(server_.url + "/v1/score/mail", "message/rfc822", mail, "Bearer " + token);
  put_back(std::move(fetch));
  return answer;
}

std::string ScoringClient::token() {
  const std::lock_guard lock(mutex_);
  return token_;
}

// Perhaps another thread has found it already.
bool ScoringClient::has_new_token(const std::string& refused) {
  const auto found =
      server_.token_file.empty() ? token() : token_in(server_.token_file).value_or("");
  const std::lock_guard lock(mutex_);
  if (!found.empty()) token_ = found;
  return token_ != refused;
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
