// Where entity states are kept, and the slice of them that one decision saw.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "features/entity_state.h"

namespace winnow {

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
  // Nothing when the entity was never seen. Errors: Corrupt, Unavailable.
  virtual Result<std::optional<EntityState>> get(const StateKey& key) const = 0;
  // Errors: Exhausted (disk full), Unavailable.
  virtual Status put(const StateKey& key, EntityState state) = 0;
};

// For training's replay, for tests and for one-off scoring. Not thread-safe.
class MemoryEntityStates final : public EntityStates {
 public:
  Result<std::optional<EntityState>> get(const StateKey& key) const override;
  Status put(const StateKey& key, EntityState state) override;
  std::size_t size() const { return states_.size(); }

 private:
  std::map<StateKey, EntityState> states_;
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
