// Entity states in memory, found by hash. What an event asks for is looked up together, so that the
// loads from memory, of which there are about four a state, overlap.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "features/entity_states.h"

namespace winnow::features {

// A state stays where it is until it is erased. Not thread-safe.
class StateTable {
 public:
  // The state of each of `keys`, null where there is none.
  void find(std::span<const StateKey> keys, std::span<EntityState*> states);
  void find(std::span<const StateKey> keys, std::span<const EntityState*> states);
  // The same for who changes them: each as of set_changed(), those that were unchanged go behind
  // `newly`.
  void find_to_change(std::span<const StateKey> keys, std::span<EntityState*> states,
                      std::vector<StateKey>& newly);
  EntityState* find(const StateKey& key);
  EntityState& insert(const StateKey& key, EntityState state);  // of a key that is not there
  void erase(const StateKey& key);

  // Of a key that is there: it will not be evicted until it is unchanged again, when its size is
  // taken anew. Returns what it was.
  bool set_changed(const StateKey& key, bool changed);

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_ + slots_.capacity() * sizeof(Slot); }  // about

  // Erases states that were not changed and not used for the longest (CLOCK: one second chance),
  // until bytes() is at most `most` or only changed ones are left.
  void evict(std::size_t most);

 private:
  struct alignas(64) Entry {  // what a search compares, in one line
    EntityState state;
    std::string key;
    const std::string* history;
  };
  struct Slot {
    std::uint64_t hash = 0;
    std::unique_ptr<Entry> entry;
    std::uint32_t bytes = 0;  // what the entry is accounted for
    bool is_changed = false;
    bool was_used = false;  // since the hand of the clock passed
  };
  template <typename Found>
  void find_each(std::span<const StateKey> keys, const Found& found);
  std::size_t home_of(std::uint64_t hash) const { return hash & (slots_.size() - 1); }
  std::size_t place_of(std::uint64_t hash, const StateKey& key) const;  // its slot or a free one
  const std::string* named(const std::string& history);
  void account(Slot& slot);
  void grow();
  void erase_at(std::size_t place);

  std::vector<Slot> slots_;            // a power of two, at most half of them taken
  std::deque<std::string> histories_;  // a few; entries point to them
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;  // of the entries
  std::size_t hand_ = 0;
};

}  // namespace winnow::features
