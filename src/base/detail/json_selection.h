// A selection as the scanner walks it: a tree of objects, each with a table of its wanted keys.
#pragma once

#include <bit>
#include <cstring>

#include "base/json_scan.h"

namespace winnow {

// A key by its first and last eight bytes and its length: with up to 16 bytes that is all of it.
struct KeyMark {
  std::uint64_t head, tail;
  std::uint64_t size;

  // May look at 8 bytes from `data` on also where the key is shorter.
  static KeyMark of(const char* data, std::size_t size) {
    static_assert(std::endian::native == std::endian::little, "the low bytes come first");
    const auto load = [](const char* at) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      return word;
    };
    if (size >= 8) return {load(data), load(data + size - 8), size};
    return {load(data) & ((std::uint64_t{1} << 8 * size) - 1), 0, size};
  }
  std::uint64_t hash(std::uint64_t factor) const {
    const std::uint64_t mixed = (head ^ std::rotl(tail, 29) ^ size) * factor;
    return mixed >> 32;
  }
  bool operator==(const KeyMark&) const = default;
};

struct WantedKey {
  static constexpr std::int32_t kNone = -1;

  KeyMark mark = {0, 0, UINT64_MAX};  // of no key
  std::string key;                    // compared where it is longer than its mark
  std::int32_t node = kNone;          // where the members of its object are looked up
  std::int32_t column = kNone;        // the value itself is wanted
  std::int32_t list = kNone;          // its items are the rows of this list
  std::int32_t item_node = kNone;     // where the members of items are looked up
  std::int32_t item_column = kNone;   // the items themselves are wanted

  bool is(const KeyMark& other, const char* data) const {
    return mark == other && (mark.size <= 16 || std::memcmp(key.data(), data, mark.size) == 0);
  }
};

struct JsonSelection::State {
  struct Node {
    std::vector<WantedKey> wanted;  // in the order they were asked for
    std::vector<WantedKey> table;   // by hash; no two share a place, if a factor for that was found
    std::uint64_t factor = 0;
    std::uint64_t mask = 0;

    // `data` as of KeyMark::of.
    const WantedKey* find(const char* data, std::size_t size) const {
      const auto mark = KeyMark::of(data, size);
      for (auto at = mark.hash(factor) & mask;; at = (at + 1) & mask) {
        const WantedKey& entry = table[at];
        if (entry.is(mark, data)) return &entry;
        if (entry.mark.size == UINT64_MAX) return nullptr;
      }
    }
    void build_table();
  };

  std::vector<Node> nodes;  // the first is the record
  std::vector<Place> places;
  std::vector<std::uint32_t> widths;
  std::uint32_t singles = 0;

  Status add(const Path& path);
  WantedKey& wanted(std::int32_t node, const std::string& key);
  std::int32_t make_node();
};

}  // namespace winnow
