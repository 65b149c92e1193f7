// The text form of bytes in tokens: RFC 4648, section 5, without padding.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow::oidc {

std::string to_base64url(std::string_view bytes);
Result<std::string> from_base64url(std::string_view text);  // strict. Errors: InvalidArgument

}  // namespace winnow::oidc
