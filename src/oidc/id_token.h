// An ID token: who signed in, as the provider says (OpenID Connect Core, section 3.1.3.7).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace winnow::oidc {

struct Person {
  std::string issuer, subject;  // together: who it is, for ever
  std::string email;            // verified by the provider; empty without
  Json claims;                  // all that the token says
};

struct Expected {
  std::string_view issuer, client_id, nonce;
};

// From the payload of a token whose signature is verified: it is for us, for this sign-in, and
// still good. Errors: InvalidArgument, in words for the log.
Result<Person> person_of(std::string_view payload, const Expected& expected, Timestamp now);

// The strings of a claim, which may be one string or a list of them; "realm_access.roles" looks
// into objects, unless there is a claim of that whole name.
std::vector<std::string> strings_of(const Json& claims, std::string_view claim);

}  // namespace winnow::oidc
