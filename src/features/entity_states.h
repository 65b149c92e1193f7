// Where entity states are kept, and the slice of them that one decision saw.
#pragma once

#include <compare>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/entity_state.h"

namespace winnow {

namespace features {
class StateTable;
}

// One entity within one history of a feature set ("sender", "recipient_and_sender").
struct StateKey {
  std::string history;
  std::string key;  // at most kMaxKeyBytes; FeatureSet replaces longer ones by their digest

  static constexpr std::size_t kMaxKeyBytes = 400;
  auto operator<=>(const StateKey&) const = default;
};

// States by key. Those of one FeatureSet::history_digest() belong together; a set with another
// digest needs states of its own, made by replaying events.
class EntityStates {
 public:
  virtual ~EntityStates() = default;
  // The state of each of `keys`, null where the entity was never seen; valid until the next call.
  // What one event asks for is asked for together: the states are far from each other in memory.
  // Errors: Corrupt, Unavailable.
  virtual Status find(std::span<const StateKey> keys,
                      std::span<const EntityState*> states) const = 0;
  // The states to change in place, a copy of `empty` where the entity was never seen, valid until
  // the next call. Errors: Corrupt, Denied (opened for reading), Unavailable.
  virtual Status change(std::span<const StateKey> keys, std::span<const EntityState* const> empty,
                        std::span<EntityState*> states) = 0;

  Result<std::optional<EntityState>> get(const StateKey& key) const;  // a copy
  Status put(const StateKey& key, const EntityState& state);          // in place of what was there
};

// For training's replay, for tests and for one-off scoring. Not thread-safe.
class MemoryEntityStates final : public EntityStates {
 public:
  MemoryEntityStates();
  ~MemoryEntityStates() override;
  Status find(std::span<const StateKey> keys, std::span<const EntityState*> states) const override;
  Status change(std::span<const StateKey> keys, std::span<const EntityState* const> empty,
                std::span<EntityState*> states) override;
  std::size_t size() const;
  std::size_t bytes() const;  // about

 private:
  std::unique_ptr<features::StateTable> table_;
};

// The states a read may look at, by value: what a decision stores so that it can be computed again,
// bit for bit, without the store. Keys ascend; an entity never seen is kept as such.
class StateSlice {
 public:
  struct Item {
    StateKey key;
    std::optional<EntityState> state;
    friend bool operator==(const Item&, const Item&) = default;
  };
  static constexpr std::size_t kMaxItems = 256;

  StateSlice() = default;
  explicit StateSlice(std::vector<Item> items);  // sorts; a repeated key is kept once

  std::span<const Item> items() const { return items_; }
  const EntityState* find(
      const StateKey& key) const;  // null when never seen, or not part of the slice

  std::string bytes() const;  // canonical
  // Errors: Corrupt.
  static Result<StateSlice> from_bytes(std::string_view bytes);

  friend bool operator==(const StateSlice&, const StateSlice&) = default;

 private:
  std::vector<Item> items_;
};

}  // namespace winnow
