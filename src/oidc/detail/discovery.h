// What a provider says of itself (OpenID Connect Discovery 1.0), as far as it is used.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "names/url.h"

namespace winnow::oidc {

struct Discovery {
  Url authorization, token, keys;     // endpoints
  bool takes_secret_in_form = false;  // and not as HTTP's Basic
  bool names_itself = false;          // in what it sends back (RFC 9207)
};

// A place whose answers can be believed: https, or this machine itself. Errors: InvalidArgument.
Result<Url> trusted_url(std::string_view text);
Result<Url> discovery_url(std::string_view issuer);  // Errors: InvalidArgument

// The endpoints are at the issuer's own host and port, or at one of `hosts`: what somebody writes
// into the document sends neither browsers nor secrets elsewhere. Errors: InvalidArgument.
Result<Discovery> discovery_of(std::string_view document, std::string_view issuer,
                               const std::vector<std::string>& hosts);

}  // namespace winnow::oidc
