#include "server/dialect.h"

#include "base/digest.h"
#include "base/utf8.h"
#include "server/access/tokens.h"

namespace winnow::server {
namespace {

// "user:password": what stands behind the colon.
std::string password_in(std::string_view packed) {
  const auto pair = from_base64(packed);
  const auto colon = pair ? pair->find(':') : std::string::npos;
  return colon == std::string::npos ? std::string() : pair->substr(colon + 1);
}

}  // namespace

std::string shippers_token(const http::Request& request) {
  const auto value = request.field("authorization");
  const auto blank = value.find(' ');
  if (blank == std::string_view::npos) return {};
  const auto scheme = value.substr(0, blank);
  const auto rest = trim_ascii(value.substr(blank));
  if (equal_ignoring_ascii_case(scheme, "basic")) return password_in(rest);
  if (equal_ignoring_ascii_case(scheme, "apikey"))
    return token_id_in(rest) ? std::string(rest) : password_in(rest);
  const bool plain =
      equal_ignoring_ascii_case(scheme, "bearer") || equal_ignoring_ascii_case(scheme, "splunk");
  return plain ? std::string(rest) : std::string();
}

void refuse_on(const Route& route, const http::Request& request, const Refusal& refusal,
               http::Response& response) {
  if (route.dialect == nullptr) return write_refusal(refusal, response);
  route.dialect->refuse(request, refusal, response);
}

}  // namespace winnow::server
