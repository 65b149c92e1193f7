#include "oidc/id_token.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/secret.h"

namespace winnow::oidc {
namespace {

constexpr Duration kSkew = std::chrono::seconds(60);  // between the provider's clock and ours
constexpr std::size_t kMaxSubject = 255;              // Core, section 2
constexpr std::size_t kMaxEmail = 254;                // RFC 5321, section 4.5.3.1

Error refused(std::string why) { return Error(Code::InvalidArgument, std::move(why)); }

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

Status check_audience(const Json& claims, std::string_view client_id) {
  const auto audience = strings_of(claims, "aud");
  if (std::ranges::find(audience, client_id) == audience.end())
    return refused("the token is for somebody else");
  const auto& party = claims["azp"];
  if (audience.size() > 1 && party.is_null())
    return refused("the token is for several, and does not say who asked");
  if (!party.is_null() && party.as_string() != client_id)
    return refused("somebody else asked for the token");
  return {};
}

Result<Timestamp> time_of(const Json& claims, std::string_view key) {
  WINNOW_TRY(const auto seconds, claims.need_number(key));
  constexpr double kLargest = 253'402'300'799;  // the year 9999
  if (!(seconds >= 0 && seconds <= kLargest)) return refused(fmt::format("'{}' is no time", key));
  return Timestamp::from_seconds(static_cast<std::int64_t>(seconds));
}

Status check_times(const Json& claims, Timestamp now) {
  WINNOW_TRY(const auto expires, time_of(claims, "exp"));
  WINNOW_TRY(const auto issued, time_of(claims, "iat"));
  if (expires + kSkew <= now) return refused("the token has expired");
  if (issued - kSkew > now) return refused("the token is from the future");
  if (claims.find("nbf") == nullptr) return {};
  WINNOW_TRY(const auto begins, time_of(claims, "nbf"));
  if (begins - kSkew > now) return refused("the token is not valid yet");
  return {};
}

std::string email_in(const Json& claims) {
  const auto& email = claims["email"].as_string();
  const bool usable = claims["email_verified"].as_bool() && !email.empty() &&
                      email.size() <= kMaxEmail && is_printable(email) &&
                      email.find('@') != std::string::npos;
  return usable ? email : std::string();
}

}  // namespace

Result<Person> person_of(std::string_view payload, const Expected& expected, Timestamp now) {
  WINNOW_TRY(auto claims, parse_json(payload));
  if (!claims.is_object()) return refused("the token holds no claims");
  if (claims["iss"].as_string() != expected.issuer) return refused("the token is another issuer's");
  WINNOW_TRY(check_audience(claims, expected.client_id));
  WINNOW_TRY(check_times(claims, now));
  if (!equal_in_constant_time(claims["nonce"].as_string(), expected.nonce))
    return refused("the token belongs to another sign-in");
  Person person;
  person.issuer = expected.issuer;
  person.subject = claims["sub"].as_string();
  if (person.subject.empty() || person.subject.size() > kMaxSubject ||
      !is_printable(person.subject))
    return refused("the token names nobody");
  person.email = email_in(claims);
  person.claims = std::move(claims);
  return person;
}

std::vector<std::string> strings_of(const Json& claims, std::string_view claim) {
  if (const auto* found = claims.find(claim)) {
    std::vector<std::string> strings;
    if (found->is_string()) strings.push_back(found->as_string());
    for (const auto& item : found->items()) {
      if (item.is_string()) strings.push_back(item.as_string());
    }
    return strings;
  }
  const auto dot = claim.find('.');
  if (dot == std::string_view::npos) return {};
  return strings_of(claims[claim.substr(0, dot)], claim.substr(dot + 1));
}

}  // namespace winnow::oidc
