// Entity states in memory, found by hash: one probe of a flat table, one line of the entry, and the
// accumulators, which lie in one block. What will be asked for together is fetched together.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "features/entity_states.h"

namespace winnow::features {

// An entry stays where it is until it is erased. Not thread-safe.
class StateTable {
 public:
  struct Entry {
    StateKey key;
    EntityState state;
    std::size_t bytes = 0;    // what it is accounted for
    bool is_changed = false;  // since it was last stored
    bool was_used = true;     // since the hand of the clock passed
  };

  Entry* find(const StateKey& key) const;
  Entry& insert(const StateKey& key, EntityState state);  // of a key that is not there
  void erase(const StateKey& key);
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_ + slots_.capacity() * sizeof(Slot); }

  // Starts loading what find() will touch for each of `keys`.
  void prefetch(std::span<const StateKey> keys) const;
  void account(Entry& entry);  // after its state grew

  // Erases entries that were not changed and not used for the longest (CLOCK: one second chance),
  // until bytes() is at most `most` or only changed ones are left.
  void evict(std::size_t most);

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::unique_ptr<Entry> entry;
  };
  std::size_t place_of(std::uint64_t hash, const StateKey& key) const;  // its slot or a free one
  void grow();
  void erase_at(std::size_t place);

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;  // of the entries
  std::size_t hand_ = 0;
};

}  // namespace winnow::features
