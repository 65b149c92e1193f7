// Texts with values, looked up for every record: mostly words of a few letters.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace winnow::mapping {

template <typename T>
class TextMap {
 public:
  // The value of the text, made when it is not there.
  T& operator[](std::string_view text) {
    const auto known = number_of(text);
    if (known != kNone) return items_[known].second;
    items_.emplace_back(text, T());
    if (2 * items_.size() > slots_.size()) {
      slots_.assign(std::bit_ceil(4 * items_.size()), {});
      for (std::uint32_t i = 0; i < items_.size(); ++i) place(i);
    } else {
      place(static_cast<std::uint32_t>(items_.size()) - 1);
    }
    return items_.back().second;
  }
  // Null where the text is not there.
  const T* find(std::string_view text) const {
    const auto known = number_of(text);
    return known != kNone ? &items_[known].second : nullptr;
  }
  // Texts with their values, in the order of first sight.
  const std::vector<std::pair<std::string, T>>& items() const { return items_; }
  std::vector<std::pair<std::string, T>>& items() { return items_; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // A text by its ends and its length: with up to 16 bytes that is all of it.
  struct Mark {
    std::uint64_t head = 0, tail = 0, size = 0;
    bool operator==(const Mark&) const = default;
    std::size_t hash() const {
      return (head ^ std::rotl(tail, 29) ^ size) * 0x9E3779B97F4A7C15U >> 32;
    }
  };
  struct Slot {
    Mark mark = {};
    std::uint32_t number = kNone;  // of an item
  };

  template <typename Word>
  static Mark ends_of(std::string_view text) {
    Word head = 0, tail = 0;
    std::memcpy(&head, text.data(), sizeof(Word));
    std::memcpy(&tail, text.data() + text.size() - sizeof(Word), sizeof(Word));
    return {head, tail, text.size()};
  }
  static Mark mark_of(std::string_view text) {
    if (text.size() >= 8) return ends_of<std::uint64_t>(text);
    if (text.size() >= 4) return ends_of<std::uint32_t>(text);
    if (text.size() >= 2) return ends_of<std::uint16_t>(text);
    return text.empty() ? Mark() : ends_of<std::uint8_t>(text);
  }
  std::size_t slot_at(std::size_t hash) const { return hash & (slots_.size() - 1); }
  void place(std::uint32_t number) {
    const auto mark = mark_of(items_[number].first);
    auto at = mark.hash();
    while (slots_[slot_at(at)].number != kNone) ++at;
    slots_[slot_at(at)] = {mark, number};
  }
  std::uint32_t number_of(std::string_view text) const {
    if (slots_.empty()) return kNone;
    const auto mark = mark_of(text);
    for (auto at = mark.hash();; ++at) {
      const Slot& slot = slots_[slot_at(at)];
      if (slot.number == kNone) return kNone;
      if (slot.mark == mark && (text.size() <= 16 || items_[slot.number].first == text))
        return slot.number;
    }
  }

  std::vector<std::pair<std::string, T>> items_;
  std::vector<Slot> slots_;  // at least half of them empty
};

}  // namespace winnow::mapping
