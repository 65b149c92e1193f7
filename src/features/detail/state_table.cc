#include "features/detail/state_table.h"

#include <array>

#include "base/digest.h"

namespace winnow::features {
namespace {

constexpr std::size_t kFewestSlots = 64;
constexpr std::size_t kAtOnce = 32;  // as many loads as a core keeps in flight, and some

std::uint64_t hash_of(const StateKey& key) { return hash64(key.key, hash64(key.history)); }

}  // namespace

std::size_t StateTable::place_of(std::uint64_t hash, const StateKey& key) const {
  auto place = hash & (slots_.size() - 1);
  for (;; place = (place + 1) & (slots_.size() - 1)) {
    const auto& slot = slots_[place];
    if (slot.entry == nullptr || (slot.hash == hash && slot.entry->key == key)) return place;
  }
}

StateTable::Entry* StateTable::find(const StateKey& key) const {
  if (slots_.empty()) return nullptr;
  auto* const entry = slots_[place_of(hash_of(key), key)].entry.get();
  if (entry != nullptr) entry->was_used = true;
  return entry;
}

StateTable::Entry& StateTable::insert(const StateKey& key, EntityState state) {
  if ((size_ + 1) * 2 > slots_.size()) grow();
  const auto hash = hash_of(key);
  auto& slot = slots_[place_of(hash, key)];
  slot.hash = hash;
  slot.entry = std::make_unique<Entry>(Entry{key, std::move(state)});
  ++size_;
  account(*slot.entry);
  return *slot.entry;
}

void StateTable::account(Entry& entry) {
  constexpr std::size_t kOfAllocations = 48;
  bytes_ -= entry.bytes;
  entry.bytes = sizeof(Entry) - sizeof(EntityState) + entry.state.memory_bytes() +
                entry.key.history.capacity() + entry.key.key.capacity() + kOfAllocations;
  bytes_ += entry.bytes;
}

void StateTable::grow() {
  std::vector<Slot> slots(std::max(kFewestSlots, slots_.size() * 2));
  slots.swap(slots_);
  for (auto& slot : slots) {
    if (slot.entry == nullptr) continue;
    auto place = slot.hash & (slots_.size() - 1);
    while (slots_[place].entry != nullptr) place = (place + 1) & (slots_.size() - 1);
    slots_[place] = std::move(slot);
  }
  hand_ = 0;
}

void StateTable::erase(const StateKey& key) {
  if (slots_.empty()) return;
  const auto place = place_of(hash_of(key), key);
  if (slots_[place].entry != nullptr) erase_at(place);
}

// Closes the gap, so that every entry stays reachable from the slot that its hash names.
void StateTable::erase_at(std::size_t place) {
  const auto mask = slots_.size() - 1;
  bytes_ -= slots_[place].entry->bytes;
  --size_;
  slots_[place].entry.reset();
  for (auto next = (place + 1) & mask; slots_[next].entry != nullptr; next = (next + 1) & mask) {
    const auto home = slots_[next].hash & mask;
    if (((next - home) & mask) < ((next - place) & mask)) continue;  // its home is behind the gap
    slots_[place] = std::move(slots_[next]);
    place = next;
  }
}

void StateTable::prefetch(std::span<const StateKey> keys) const {
  if (slots_.empty()) return;
  for (; !keys.empty(); keys = keys.subspan(std::min(keys.size(), kAtOnce))) {
    const auto some = keys.first(std::min(keys.size(), kAtOnce));
    std::array<const Slot*, kAtOnce> slots{};
    for (std::size_t i = 0; i < some.size(); ++i) {
      slots[i] = &slots_[hash_of(some[i]) & (slots_.size() - 1)];
      __builtin_prefetch(slots[i]);
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (slots[i]->entry != nullptr) __builtin_prefetch(slots[i]->entry.get());
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (slots[i]->entry == nullptr) continue;
      __builtin_prefetch(slots[i]->entry->key.key.data());
      __builtin_prefetch(slots[i]->entry->state.accumulators().data());
    }
  }
}

void StateTable::evict(std::size_t most) {
  // Two rounds: the first takes the second chances, the second finds what nobody uses.
  for (std::size_t passed = 0; bytes() > most && size_ > 0 && passed < 2 * slots_.size();) {
    if (hand_ >= slots_.size()) hand_ = 0;
    auto* const entry = slots_[hand_].entry.get();
    if (entry != nullptr && !entry->is_changed && !std::exchange(entry->was_used, false)) {
      erase_at(hand_);  // another may have moved here
      continue;
    }
    ++hand_;
    ++passed;
  }
}

}  // namespace winnow::features
