// A selection as the scanner walks it: a tree of objects, each with a table of its wanted keys.
#pragma once

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/json_scan.h"

namespace winnow {

// A key by its first and last eight bytes and its length: with up to 16 bytes that is all of it.
struct KeyMark {
  std::uint64_t head, tail;
  std::uint32_t size;

  // May look at 8 bytes from `data` on also where the key is shorter.
  static KeyMark of(const char* data, std::size_t size) {
    static_assert(std::endian::native == std::endian::little, "the low bytes come first");
    const auto load = [](const char* at) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      return word;
    };
    const auto mask = kMasks[std::min<std::size_t>(size, 8)];
    return {load(data) & mask, load(size > 8 ? data + size - 8 : data) & mask,
            static_cast<std::uint32_t>(size)};
  }
  std::uint64_t hash(std::uint64_t factor) const {
    const std::uint64_t mixed = (head ^ std::rotl(tail, 29) ^ size) * factor;
    return mixed >> 32;
  }
  bool operator==(const KeyMark&) const = default;

 private:
  static constexpr std::uint64_t kMasks[] = {
      0,         0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF, 0xFFFFFFFFFF, 0xFFFFFFFFFFFF, 0xFFFFFFFFFFFFFF,
      UINT64_MAX};
};

struct WantedKey {
  static constexpr std::int32_t kNone = -1;

  std::string key;                   // compared where it is longer than its mark
  std::int32_t node = kNone;         // where the members of its object are looked up
  std::int32_t column = kNone;       // the value itself is wanted
  std::int32_t list = kNone;         // its items are the rows of this list
  std::int32_t item_node = kNone;    // where the members of items are looked up
  std::int32_t item_column = kNone;  // the items themselves are wanted
};

// The wanted keys of one object.
struct WantedKeys {
  struct Entry {
    static constexpr std::uint32_t kEmpty = UINT32_MAX;
    KeyMark mark = {0, 0, kEmpty};
    std::uint32_t number = 0;  // of a wanted key
  };
  std::vector<WantedKey> keys;  // in the order they were asked for
  std::vector<Entry> table;     // by hash; no two share a place, if a factor for that was found
  std::uint64_t factor = 0;
  std::uint64_t mask = 0;

  // `data` as of KeyMark::of.
  const WantedKey* find(const char* data, std::size_t size) const {
    const auto mark = KeyMark::of(data, size);
    for (auto at = mark.hash(factor) & mask;; at = (at + 1) & mask) {
      const Entry& entry = table[at];
      if (entry.mark == mark) {
        const auto& known = keys[entry.number];
        if (size <= 16 || std::memcmp(known.key.data(), data, size) == 0) return &known;
      }
      if (entry.mark.size == Entry::kEmpty) return nullptr;
    }
  }
  void build_table();
};

struct JsonSelection::State {
  std::vector<WantedKeys> nodes;  // the first is the record
  std::vector<Place> places;
  std::vector<std::uint32_t> widths;
  std::uint32_t singles = 0;
  std::vector<bool> is_shared;  // by single column: several paths lead to it

  // At the end of `places`: in the place `shared`, or in its own.
  Status add(const Path& path, std::optional<Place> shared);
  Result<Place> put(WantedKey& key, bool of_items, std::int32_t list,
                    const std::optional<Place>& shared);
  WantedKey& wanted(std::int32_t node, const std::string& key);
  std::int32_t make_node();
};

}  // namespace winnow
