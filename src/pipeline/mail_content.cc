#include "pipeline/mail_content.h"

#include <algorithm>
#include <array>

namespace winnow {
namespace {

constexpr std::string_view kLeftOut = "\u2026";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "(12 of 100 words)", "(85%)": numbers, and no word but those that tell of what. To the last
// parenthesis, because a file may be named "7) x".
bool begins_measure(std::string_view text) {
  constexpr std::array<std::string_view, 3> kWords = {"of", "words", "characters"};
  const auto end = text.rfind(')');
  if (end == std::string_view::npos) return false;
  const auto inside = text.substr(1, end - 1);
  if (inside.empty() || !is_digit(inside.front())) return false;
  for (std::size_t at = 0; at < inside.size(); ++at) {
    if (!is_letter(inside[at])) continue;
    const auto begin = at;
    while (at < inside.size() && is_letter(inside[at])) ++at;
    if (std::ranges::count(kWords, inside.substr(begin, at - begin)) == 0) return false;
  }
  return true;
}

// An apostrophe within a word is none: "a person's".
bool opens(std::string_view text, std::size_t at) {
  if (text[at] == '\'') return at == 0 || !is_letter(text[at - 1]);
  return text[at] == '"' || (text[at] == '(' && !begins_measure(text.substr(at)));
}

bool closes(std::string_view text, std::size_t at) {
  if (text[at] == '\'') return at + 1 == text.size() || !is_letter(text[at + 1]);
  return text[at] == '"' || text[at] == ')';
}

}  // namespace

// From the first mark to the last: what is quoted may hold marks of its own, put there to end the
// quotation early.
std::string reason_for(MailContent content, std::string_view reason) {
  if (content == MailContent::Shown) return std::string(reason);
  std::size_t begin = 0, end = reason.size();
  while (begin < reason.size() && !opens(reason, begin)) ++begin;
  while (end > begin + 1 && !closes(reason, end - 1)) --end;
  if (begin == reason.size()) return std::string(reason);
  const auto rest = end > begin + 1 ? reason.substr(end - 1) : std::string_view();
  return std::string(reason.substr(0, begin + 1)).append(kLeftOut).append(rest);
}

}  // namespace winnow
