// The percent-encode sets of the URL Standard, section 1.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace winnow::detail {

enum PercentSet : std::uint8_t {
  kC0ControlSet = 1,
  kFragmentSet = 2,
  kQuerySet = 4,
  kSpecialQuerySet = 8,
  kPathSet = 16,
  kUserinfoSet = 32,
};

// Appends `text`, which is UTF-8, with the bytes of `set` as %XX.
void append_percent_encoded(std::string& out, std::string_view text, PercentSet set);

int hex_value(char c);  // of one hexadecimal digit, else -1

}  // namespace winnow::detail
