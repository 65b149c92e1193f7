// A text as its reader takes it: folded, what changes from mail to mail (URLs, addresses, domains,
// numbers, amounts, the recipient's name) replaced by tokens, cut into words, lexicons and brands
// found.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "features/detail/phrases.h"

namespace winnow::features {

enum class TokenKind : std::uint8_t { Url, Address, Domain, Number, Money, Recipient };
inline constexpr std::size_t kTokenKinds = 6;
std::string_view name_of(TokenKind kind);  // "url", "address", ...
std::string_view word_of(
    TokenKind kind);  // "xxurl": what stands in the normalised text; no language has it

struct NormalText {
  // Begins and ends with a blank; one blank between tokens; NUL and seven more bytes may be read
  // after its end.
  std::string text;
  std::array<std::uint32_t, kTokenKinds> tokens{};  // how often each kind was put in
  std::uint32_t written_words = 0;                  // as written: the pieces of a URL are words too
};

enum class Replace : std::uint8_t { Nothing, WhatVaries };

// `people` are folded words that become Recipient tokens. Takes linear time.
NormalText normalise(std::string_view utf8, Replace replace, std::span<const std::string> people);

struct Word {
  std::uint32_t begin, end;  // in the normalised text
};

// The result of a scan; borrows from the arena of an evaluation.
struct Words {
  struct Mention {
    Phrases::Id id;
    std::uint32_t count;
  };
  std::string_view text;
  std::span<const Word> words;
  std::array<std::uint32_t, kTokenKinds> tokens{};
  std::uint32_t written_words = 0;
  std::span<const Mention> mentions;  // ids ascend

  std::string_view operator[](std::size_t i) const {
    return text.substr(words[i].begin, words[i].end - words[i].begin);
  }
  std::uint32_t count(Phrases::Id id) const;
};

// The words of a normalised text: letters and digits, with apostrophes between them. Calls
// `found(word)`.
std::vector<Word> find_words(std::string_view normal_text);

// The folded words that name a recipient: a mailbox's local part and its parts of four letters or
// more. Words that `known` has stay in the text: "account" says more than whom it was sent to.
std::vector<std::string> names_of_people(std::span<const std::string_view> mailboxes,
                                         const Phrases& known);

}  // namespace winnow::features
