// The host parser of the URL Standard, section 3.5.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "names/url.h"

namespace winnow::detail {

struct Host {
  HostKind kind = HostKind::None;
  std::string text;  // serialised
};

// `text` is well-formed UTF-8; `special`: of a special scheme. Marks in `quirks` what was odd.
// Errors: InvalidArgument, Exhausted.
Result<Host> parse_host(std::string_view text, bool special, UrlQuirks& quirks);

// The standard's IPv4 parser, for a host that ends in a number: decimal, octal and hexadecimal
// parts, one to four of them. Nothing on failure.
std::optional<IpAddress> parse_loose_ipv4(std::string_view text);

bool ends_in_number(std::string_view host);

}  // namespace winnow::detail
