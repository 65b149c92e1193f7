// Character sets of mail, converted to UTF-8. Names are read as browsers read them
// (https://encoding.spec.whatwg.org/#names-and-labels): ASCII and Latin-1 mean windows-1252.
#pragma once

#include <string>
#include <string_view>

namespace winnow {

struct CharsetFlaws {
  bool unknown = false;     // a name that is not known
  bool ill_formed = false;  // bytes that the character set does not have: U+FFFD stands for them
};

// Appends the text that `bytes` are in the character set called `name`. Without a name, or with an
// unknown one: UTF-8 where the bytes are that, else windows-1252. What is appended is valid UTF-8.
// Linear. Does not depend on the locale.
void append_as_utf8(std::string_view bytes, std::string_view name, std::string& out,
                    CharsetFlaws& flaws);

// The same text: `bytes` themselves where they are that already, else what `converted` then holds.
std::string_view as_utf8(std::string_view bytes, std::string_view name, std::string& converted,
                         CharsetFlaws& flaws);

bool is_known_charset(std::string_view name);

}  // namespace winnow
