#include "features/detail/words.h"

#include <algorithm>

#include "base/utf8.h"
#include "names/text_fold.h"

namespace winnow::features {
namespace {

constexpr std::size_t kMaxPeople = 64;
constexpr std::size_t kLeastNameBytes = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_separator(char c) { return c == '.' || c == '_' || c == '-' || c == '+'; }

}  // namespace

std::string_view name_of(TokenKind kind) {
  static constexpr std::array<std::string_view, kTokenKinds> kNames = {
      "url", "address", "domain", "number", "money", "recipient"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::string_view word_of(TokenKind kind) {
  static constexpr std::array<std::string_view, kTokenKinds> kWords = {
      "xxurl", "xxaddr", "xxdom", "xxnum", "xxmoney", "xxrcpt"};
  return kWords[static_cast<std::size_t>(kind)];
}

std::uint32_t Words::count(Phrases::Id id) const {
  const auto found = std::lower_bound(
      mentions.begin(), mentions.end(), id,
      [](const Mention& mention, Phrases::Id wanted) { return mention.id < wanted; });
  return found != mentions.end() && found->id == id ? found->count : 0;
}

std::vector<Word> find_words(std::string_view text) {
  std::vector<Word> words;
  words.reserve(text.size() / 5);
  for (std::uint32_t at = 0; at < text.size();) {
    if (!is_word_byte(text[at])) {
      ++at;
      continue;
    }
    const auto begin = at;
    // The text ends in a blank, so that looking one byte further is safe.
    while (is_word_byte(text[at]) || (text[at] == '\'' && is_word_byte(text[at + 1]))) ++at;
    words.push_back({begin, at});
  }
  return words;
}

std::vector<std::string> names_of_people(std::span<const std::string_view> mailboxes,
                                         const Phrases& known) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) {
    const bool telling =
        name.size() >= kLeastNameBytes && !std::all_of(name.begin(), name.end(), is_digit);
    if (telling && names.size() < kMaxPeople && !known.has_word(name)) names.emplace_back(name);
  };
  for (const auto mailbox : mailboxes) {
    const auto local = fold_text(mailbox.substr(0, mailbox.rfind('@')));
    for (std::size_t at = 0; at <= local.size();) {
      std::size_t end = at;
      while (end < local.size() && !is_separator(local[end])) ++end;
      add(std::string_view(local).substr(at, end - at));
      at = end + 1;
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace winnow::features
