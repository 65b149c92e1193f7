#include "features/detail/state_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/digest.h"

namespace winnow::features {
namespace {

constexpr std::size_t kFewestSlots = 64;
constexpr std::size_t kAtOnce = 32;  // as many loads as a core keeps in flight, and some

constexpr std::size_t kLine = 64, kMostPrefetched = 8 * kLine;  // of one state

std::uint64_t hash_of(const StateKey& key) { return hash64(key.key, hash64(key.history)); }

}  // namespace

std::size_t StateTable::place_of(std::uint64_t hash, const StateKey& key) const {
  auto place = home_of(hash);
  for (;; place = (place + 1) & (slots_.size() - 1)) {
    const auto& slot = slots_[place];
    if (slot.entry == nullptr) return place;
    if (slot.hash == hash && slot.entry->key == key.key && *slot.entry->history == key.history)
      return place;
  }
}

// Stage by stage over all keys: where each stands, what it is, what is remembered of it. Calls
// `found(i, slot)` for those that are there.
template <typename Found>
void StateTable::find_each(std::span<const StateKey> keys, const Found& found) {
  if (slots_.empty()) return;
  for (std::size_t from = 0; from < keys.size(); from += kAtOnce) {
    const auto some = keys.subspan(from, std::min(kAtOnce, keys.size() - from));
    std::array<std::uint64_t, kAtOnce> hashes;
    for (std::size_t i = 0; i < some.size(); ++i) {
      hashes[i] = hash_of(some[i]);
      __builtin_prefetch(&slots_[home_of(hashes[i])]);
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto* const entry = slots_[home_of(hashes[i])].entry.get();
      if (entry != nullptr) __builtin_prefetch(entry);
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      const auto* const entry = slots_[home_of(hashes[i])].entry.get();
      if (entry != nullptr) __builtin_prefetch(entry->key.data());
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      auto& slot = slots_[place_of(hashes[i], some[i])];
      if (slot.entry == nullptr) continue;
      slot.was_used = true;
      found(from + i, slot);
      const auto accumulators = std::as_bytes(slot.entry->state.accumulators());
      for (std::size_t at = 0; at < std::min(accumulators.size(), kMostPrefetched); at += kLine)
        __builtin_prefetch(&accumulators[at]);
    }
  }
}

void StateTable::find(std::span<const StateKey> keys, std::span<EntityState*> states) {
  std::fill(states.begin(), states.end(), nullptr);
  find_each(keys, [&](std::size_t i, Slot& slot) { states[i] = &slot.entry->state; });
}

void StateTable::find(std::span<const StateKey> keys, std::span<const EntityState*> states) {
  std::fill(states.begin(), states.end(), nullptr);
  find_each(keys, [&](std::size_t i, Slot& slot) { states[i] = &slot.entry->state; });
}

void StateTable::find_to_change(std::span<const StateKey> keys, std::span<EntityState*> states,
                                std::vector<StateKey>& newly) {
  std::fill(states.begin(), states.end(), nullptr);
  find_each(keys, [&](std::size_t i, Slot& slot) {
    states[i] = &slot.entry->state;
    if (!std::exchange(slot.is_changed, true)) newly.push_back(keys[i]);
  });
}

EntityState* StateTable::find(const StateKey& key) {
  EntityState* state = nullptr;
  find({&key, 1}, std::span(&state, 1));
  return state;
}

const std::string* StateTable::named(const std::string& history) {
  const auto known = std::find(histories_.begin(), histories_.end(), history);
  return known != histories_.end() ? &*known : &histories_.emplace_back(history);
}

EntityState& StateTable::insert(const StateKey& key, EntityState state) {
  if ((size_ + 1) * 2 > slots_.size()) grow();
  const auto hash = hash_of(key);
  auto& slot = slots_[place_of(hash, key)];
  slot.hash = hash;
  slot.entry = std::make_unique<Entry>(Entry{std::move(state), key.key, named(key.history)});
  slot.was_used = true;
  ++size_;
  account(slot);
  return slot.entry->state;
}

bool StateTable::set_changed(const StateKey& key, bool changed) {
  auto& slot = slots_[place_of(hash_of(key), key)];
  if (!changed) account(slot);
  return std::exchange(slot.is_changed, changed);
}

void StateTable::account(Slot& slot) {
  constexpr std::size_t kOfAllocations = 48;
  bytes_ -= slot.bytes;
  const auto& entry = *slot.entry;
  slot.bytes =
      static_cast<std::uint32_t>(sizeof entry - sizeof entry.state + entry.state.memory_bytes() +
                                 entry.key.capacity() + kOfAllocations);
  bytes_ += slot.bytes;
}

void StateTable::grow() {
  std::vector<Slot> slots(std::max(kFewestSlots, slots_.size() * 2));
  slots.swap(slots_);
  for (auto& slot : slots) {
    if (slot.entry == nullptr) continue;
    auto place = home_of(slot.hash);
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
  bytes_ -= slots_[place].bytes;
  --size_;
  slots_[place] = {};
  for (auto next = (place + 1) & mask; slots_[next].entry != nullptr; next = (next + 1) & mask) {
    const auto home = home_of(slots_[next].hash);
    if (((next - home) & mask) < ((next - place) & mask)) continue;  // its home is behind the gap
    slots_[place] = std::exchange(slots_[next], {});
    place = next;
  }
}

void StateTable::evict(std::size_t most) {
  // Two rounds: the first takes the second chances, the second finds what nobody uses.
  for (std::size_t passed = 0; bytes() > most && size_ > 0 && passed < 2 * slots_.size();) {
    if (hand_ >= slots_.size()) hand_ = 0;
    auto& slot = slots_[hand_];
    const bool may_go = slot.entry != nullptr && !slot.is_changed;
    if (may_go && !std::exchange(slot.was_used, false)) {
      erase_at(hand_);  // another may have moved here
      continue;
    }
    ++hand_;
    ++passed;
  }
}

}  // namespace winnow::features
