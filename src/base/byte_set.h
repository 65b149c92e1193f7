// A set of bytes, and where a text meets or leaves it. string_view::find_first_of asks about one
// byte at a time through a call of memchr, which costs several times a look into a table.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace winnow {

class ByteSet {
 public:
  constexpr explicit ByteSet(std::string_view bytes) {
    for (const char c : bytes) members_[static_cast<unsigned char>(c)] = true;
  }

  // This set and the bytes from `first` to `last`.
  constexpr ByteSet and_range(char first, char last) const {
    auto wider = *this;
    for (auto c = static_cast<unsigned char>(first); c < static_cast<unsigned char>(last); ++c)
      wider.members_[c] = true;
    wider.members_[static_cast<unsigned char>(last)] = true;
    return wider;
  }

  constexpr bool contains(char c) const { return members_[static_cast<unsigned char>(c)]; }

  // The first position from `at` on whose byte is in the set; the text's size when there is none.
  constexpr std::size_t find_in(std::string_view text, std::size_t at = 0) const {
    while (at < text.size() && !contains(text[at])) ++at;
    return at < text.size() ? at : text.size();
  }
  // The same for a byte that is not in the set.
  constexpr std::size_t find_not_in(std::string_view text, std::size_t at = 0) const {
    while (at < text.size() && contains(text[at])) ++at;
    return at < text.size() ? at : text.size();
  }

  constexpr bool holds_all_of(std::string_view text) const {
    return find_not_in(text) == text.size();
  }
  constexpr bool holds_any_of(std::string_view text) const { return find_in(text) < text.size(); }

 private:
  std::array<bool, 256> members_{};
};

}  // namespace winnow
