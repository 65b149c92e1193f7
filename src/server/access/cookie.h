// Cookies: which a request brings, and what a browser is to keep.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "http/request.h"

namespace winnow::server {

// Whether the client's own side of the way is encrypted: by us, or by what the proxy in front says;
// somebody who says so without one only makes his own cookie stricter.
bool is_encrypted(const http::Request& request);

// A cookie of ours by its plain name ("winnow_session"), or, before it, by that with which it was
// set over an encrypted way; empty without one.
std::string_view cookie_of(const http::Request& request, std::string_view name);

enum class SameSite : std::uint8_t {
  Strict,  // not sent with what another site begins
  Lax,     // with a page that another site leads to
};
struct NewCookie {
  std::string_view name, value;  // an empty value: it is to be forgotten
  SameSite same_site = SameSite::Strict;
  std::chrono::seconds kept{0};  // 0: while the browser runs
};
// The value of set-cookie. HttpOnly; over an encrypted way Secure, and as "__Host-NAME", which no
// other host of the domain can set (RFC 6265bis, section 4.1.3.2).
std::string text_of(const NewCookie& cookie, bool encrypted);

}  // namespace winnow::server
