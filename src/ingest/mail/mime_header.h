// The values of header fields: unfolding, encoded words (RFC 2047), parameters (RFC 2045, 2231).
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "ingest/mail/charset.h"
#include "ingest/mail/mime.h"

namespace winnow {

// The first field of that name, case ignored; null when there is none.
const HeaderField* find_header(std::span<const HeaderField> headers, std::string_view name);

// Without line ends, with one blank for each run of blanks around them; bytes else as they are.
std::string unfold(std::string_view value);

// The text for people: unfolded, encoded words decoded, UTF-8, without control characters. 8-bit
// text outside encoded words is UTF-8 where it is that (RFC 6532), else windows-1252. Linear.
std::string decode_header_text(std::string_view value, CharsetFlaws& flaws);

// Encoded words decoded and nothing else: for values with a syntax of their own, such as address
// lists, that are read afterwards. `quote` encloses what was decoded, so that a comma in a decoded
// name does not split an address.
enum class Quote { None, Double };
std::string decode_encoded_words(std::string_view value, Quote quote, CharsetFlaws& flaws);

// "text/plain" of `Text/Plain; charset=...`; empty unless it has the form type/subtype.
std::string media_type_of(std::string_view content_type);

// "attachment" of `attachment; filename=...`, lower case.
std::string disposition_of(std::string_view content_disposition);

// A parameter's value in UTF-8: quoted or not, in pieces and with a character set (RFC 2231), or
// with encoded words, which RFC 2047 forbids here and everybody writes. Empty when absent.
std::string parameter_of(std::string_view value, std::string_view name);

}  // namespace winnow
