#include "oidc/detail/base64url.h"

#include <algorithm>

#include "base/digest.h"

namespace winnow::oidc {

std::string to_base64url(std::string_view bytes) {
  auto text = to_base64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

Result<std::string> from_base64url(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos)
    return Error(Code::InvalidArgument, "base64 of the other alphabet");
  std::string padded(text);
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace(padded, '_', '/');
  padded.append((4 - padded.size() % 4) % 4, '=');
  return from_base64(padded);
}

}  // namespace winnow::oidc
