#include "names/detail/percent.h"

#include <array>

#include "names/url.h"

namespace winnow {
namespace detail {
namespace {

consteval std::array<std::uint8_t, 256> make_sets() {
  std::array<std::uint8_t, 256> sets{};
  const auto add = [&](std::string_view characters, unsigned bits) {
    for (const char c : characters)
      sets[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(bits);
  };
  const unsigned from_path = kPathSet | kUserinfoSet;
  const unsigned from_query = kQuerySet | kSpecialQuerySet | from_path;
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (byte < 0x20 || byte > 0x7E) sets[byte] = 0xFF;
  }
  add(" \"<>", kFragmentSet | from_query);
  add("`", kFragmentSet | from_path);
  add("#", from_query);
  add("'", kSpecialQuerySet);
  add("?^{}", from_path);
  add("/:;=@[\\]|", kUserinfoSet);
  return sets;
}
constexpr auto kSets = make_sets();

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text, PercentSet set) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  const auto stays = [set](char c) { return (kSets[static_cast<unsigned char>(c)] & set) == 0; };
  for (std::size_t at = 0; at < text.size();) {
    auto end = at;
    while (end < text.size() && stays(text[end])) ++end;
    out.append(text.substr(at, end - at));
    at = end;
    for (; at < text.size() && !stays(text[at]); ++at) {
      const auto byte = static_cast<unsigned char>(text[at]);
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace detail

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      const int high = detail::hex_value(text[i + 1]);
      const int low = detail::hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

}  // namespace winnow
