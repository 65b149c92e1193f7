// The entities that one event names in the histories of a program, and what is known of each.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "features/detail/program.h"
#include "features/entity_states.h"

namespace winnow::features {

class Evaluation;

// Keeps its memory from event to event. Borrows the program, and the states that it looked up.
class NamedEntities {
 public:
  explicit NamedEntities(const Program& program);

  // Those of the event that was evaluated, in the order of a slice; the nodes of all keys have been
  // run. Nothing is known of them yet.
  void name(const Evaluation& evaluation);

  // What is known of the first StateSlice::kMaxItems of them. Errors: Corrupt (a state that another
  // feature set declared), those of `states`.
  Status look_up(const EntityStates& states);
  void look_up(const StateSlice& slice);  // a state that another feature set declared is unknown

  std::span<const StateKey> keys() const { return {keys_.data(), size_}; }
  const History& history(std::size_t entity) const {
    return program_.histories[history_of_[entity]];
  }
  // Of the entities of one history; null where nothing is known.
  std::span<const EntityState* const> states_of(std::size_t history) const {
    return std::span(states_).subspan(first_of_[history],
                                      first_of_[history + 1] - first_of_[history]);
  }

  // The states of all of them, or of those of one history, to change: as EntityStates::change().
  // What look_up() found is gone. Errors: Corrupt (as look_up()), those of `states`.
  Result<std::span<EntityState* const>> change(EntityStates& states);
  Result<std::span<EntityState* const>> change_those_of(std::size_t history, EntityStates& states);

  // What look_up() found, as a copy and as its bytes().
  StateSlice slice() const;
  std::string slice_bytes() const;

 private:
  static constexpr std::size_t kMaxOfHistory = 16;

  void name_of(std::size_t history, const Evaluation& evaluation);
  StateKey& next_key();
  Result<std::span<EntityState* const>> change(std::size_t first, std::size_t count,
                                               EntityStates& states);
  std::size_t looked_up() const { return std::min(size_, StateSlice::kMaxItems); }

  const Program& program_;
  std::vector<StateKey> keys_;  // those behind the first size_ are spare
  std::size_t size_ = 0;
  std::vector<std::uint32_t> history_of_;  // by entity
  std::vector<std::size_t> first_of_;      // by history, and the end
  std::vector<const EntityState*> states_;
  std::vector<const EntityState*> empty_;  // of those that change, as their histories declare them
  std::vector<EntityState*> changing_;
};

bool is_state_of(const EntityState& state, const History& history);  // it was declared like this
// Errors: Corrupt, unless is_state_of().
Status check_declaration(const EntityState& state, const History& history);

}  // namespace winnow::features
