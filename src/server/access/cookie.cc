#include "server/access/cookie.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::server {
namespace {

constexpr std::string_view kHostPrefix = "__Host-";

// RFC 6265, section 5.4: "a=b; c=d".
std::string_view value_in(std::string_view cookies, std::string_view prefix,
                          std::string_view name) {
  while (!cookies.empty()) {
    auto pair = trim_ascii(cookies.substr(0, cookies.find(';')));
    cookies.remove_prefix(std::min(cookies.size(), cookies.find(';')));
    cookies.remove_prefix(std::min<std::size_t>(cookies.size(), 1));
    if (!pair.starts_with(prefix)) continue;
    pair.remove_prefix(prefix.size());
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

}  // namespace

bool is_encrypted(const http::Request& request) {
  return request.is_encrypted || request.field("x-forwarded-proto").starts_with("https");
}

std::string_view cookie_of(const http::Request& request, std::string_view name) {
  const auto cookies = request.field("cookie");
  const auto secure = value_in(cookies, kHostPrefix, name);
  return secure.empty() ? value_in(cookies, "", name) : secure;
}

std::string text_of(const NewCookie& cookie, bool encrypted) {
  auto text = fmt::format("{}{}={}; Path=/; HttpOnly; SameSite={}", encrypted ? kHostPrefix : "",
                          cookie.name, cookie.value,
                          cookie.same_site == SameSite::Strict ? "Strict" : "Lax");
  if (encrypted) text += "; Secure";
  if (cookie.value.empty()) return text + "; Max-Age=0";
  if (cookie.kept.count() > 0) text += fmt::format("; Max-Age={}", cookie.kept.count());
  return text;
}

}  // namespace winnow::server
