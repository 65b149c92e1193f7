// Many words and phrases looked for in one pass: a trie that is walked from every word's beginning.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace winnow::features {

inline constexpr auto kWordBytes = [] {
  std::array<bool, 256> table{};
  for (unsigned byte = 0; byte < 256; ++byte)
    table[byte] = byte >= 0x80 || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
  return table;
}();

// A letter or digit of folded text (names/text_fold.h), where every byte above 0x7F is part of a
// letter.
constexpr bool is_word_byte(char c) { return kWordBytes[static_cast<unsigned char>(c)]; }

// Patterns, in folded form: words with single blanks between them (a hyphen counts as a blank); a
// word that ends in
// '*' stands for all words that begin so; '#' stands for a number. Immutable once built.
class Phrases {
 public:
  using Id = std::uint16_t;

 private:
  static constexpr int kBeginningBytes = 4;
  static constexpr int kBeginningBits = 14;
  using Beginnings = std::bitset<1UL << kBeginningBits>;

 public:
  class Builder {
   public:
    Builder();
    void add(std::string_view folded_pattern, Id id);  // the pattern is not empty
    Phrases build() &&;

   private:
    struct Draft {
      std::vector<std::pair<unsigned char, std::uint32_t>> next;
      std::vector<Id> ends;      // patterns that end here, at the end of a word
      std::vector<Id> prefixes;  // patterns that end here with '*'
      std::uint32_t skip =
          0;  // after '*' within a phrase: where the rest of the word is skipped to
      bool leads_one_way() const {
        return next.size() == 1 && ends.empty() && prefixes.empty() && skip == 0;
      }
    };
    std::vector<Draft> drafts_;
    Beginnings beginnings_;
  };

  // Calls `found(id)` for each pattern that matches at `at`, the beginning of a word in `text`; an
  // id may come twice. `text` ends in a blank and is followed by a NUL byte.
  template <typename Found>
  void match(const char* at, const Found& found) const {
    if (beginnings_.test(beginning_of(at))) walk(0, at, found);
  }
  // Whether some pattern is exactly this one word.
  bool has_word(std::string_view folded_word) const;

 private:
  static constexpr std::uint32_t kNone = 0;  // the root is nobody's child
  // Bytes after which nothing but one byte can follow have no nodes of their own: a few dozen
  // kilobytes stay in the cache where a node a byte would not.
  struct Node {
    std::uint32_t tail = 0, tail_size = 0;  // of tails_: what must follow before all else
    std::int32_t row = -1;                  // of rows_, for nodes with more than two children
    std::array<unsigned char, 2> bytes{};   // otherwise
    std::array<std::uint32_t, 2> children{};
    std::uint32_t skip = kNone;
    std::uint32_t ends_begin = 0, prefixes_begin = 0, ids_end = 0;
  };

  // What tells most words that no pattern begins like them: a hash of the word bytes at `at`, four
  // at most.
  static std::size_t beginning_of(const char* at) {
    std::uint32_t bytes = 0;
    for (int i = 0; i < kBeginningBytes && is_word_byte(at[i]); ++i)
      bytes = bytes << 8 | static_cast<unsigned char>(at[i]);
    return bytes * 0x9E3779B1U >> (32 - kBeginningBits);  // Knuth, TAOCP 3, 6.4
  }

  static char as_in_pattern(char c) { return c == '-' ? ' ' : c; }

  // Whether the node's tail stands at `at`; no pattern has the NUL that ends the text.
  bool has_tail(const Node& node, const char* at) const {
    for (std::uint32_t i = 0; i < node.tail_size; ++i) {
      if (as_in_pattern(at[i]) != tails_[node.tail + i]) return false;
    }
    return true;
  }

  std::uint32_t child(const Node& node, char c) const {
    const auto byte = static_cast<unsigned char>(as_in_pattern(c));
    if (node.row >= 0)
      return rows_[static_cast<std::size_t>(node.row) * classes_ + class_of_[byte]];
    if (node.children[0] != kNone && node.bytes[0] == byte) return node.children[0];
    if (node.children[1] != kNone && node.bytes[1] == byte) return node.children[1];
    return kNone;
  }

  template <typename Found>
  void walk(std::uint32_t position, const char* at, const Found& found) const {
    while (true) {
      const Node& node = nodes_[position];
      if (!has_tail(node, at)) return;
      at += node.tail_size;
      for (auto i = node.prefixes_begin; i < node.ids_end; ++i) found(ids_[i]);
      if (node.ends_begin != node.prefixes_begin && !is_word_byte(*at)) {
        for (auto i = node.ends_begin; i < node.prefixes_begin; ++i) found(ids_[i]);
      }
      if (node.skip != kNone) {  // as deep as a pattern has stars
        const char* end = at;
        while (is_word_byte(*end)) ++end;
        walk(node.skip, end, found);
      }
      position = child(node, *at);
      if (position == kNone) return;
      ++at;
    }
  }

  Beginnings beginnings_;  // of all patterns
  std::vector<Node> nodes_;
  std::string tails_;
  std::vector<Id> ids_;
  std::vector<std::uint32_t> rows_;  // by byte class; class 0 leads nowhere
  std::array<std::uint8_t, 256> class_of_{};
  std::size_t classes_ = 1;
};

}  // namespace winnow::features
