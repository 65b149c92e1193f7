// UTS 46 processing through ICU, with the options the URL Standard prescribes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace winnow::detail {

// The URL Standard's "domain to ASCII", not strict: non-transitional, bidi and joiners checked,
// hyphens and DNS lengths not. `text` is UTF-8; quadratic in the worst case, so callers bound its
// length. Nothing on failure.
std::optional<std::string> idna_to_ascii(std::string_view text);

// "Domain to Unicode"; labels that fail keep their ASCII form.
std::string idna_to_unicode(std::string_view domain);

bool has_punycode_prefix(std::string_view label);  // xn--, any case

}  // namespace winnow::detail
