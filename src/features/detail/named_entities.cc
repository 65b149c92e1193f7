#include "features/detail/named_entities.h"

#include <algorithm>
#include <array>
#include <ranges>

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/few_bytes.h"
#include "features/detail/evaluation.h"
#include "features/detail/slice_format.h"

namespace winnow::features {
namespace {

void write_key(std::span<const std::string_view> parts, std::string& key) {
  if (parts.size() == 1) {
    key = parts[0];
  } else {
    key.clear();                     // in memory that was used before
    for (const auto part : parts) {  // with lengths, so that no two lists of parts make one key
      FewBytes<10> size;
      key.append(size.put_count(part.size()).view()).append(part);
    }
  }
  if (key.size() > StateKey::kMaxKeyBytes) key = "sha256:" + sha256(key).hex();
}

}  // namespace

bool is_state_of(const EntityState& state, const History& history) {
  const auto accumulators = state.accumulators();
  if (accumulators.size() != history.keeps.size()) return false;
  for (std::size_t i = 0; i < accumulators.size(); ++i) {
    if (!same_shape(accumulators[i], history.keeps[i].empty)) return false;
  }
  return true;
}

Status check_declaration(const EntityState& state, const History& history) {
  if (is_state_of(state, history)) return {};
  return Error(Code::Corrupt,
               fmt::format("the state of a '{}' was declared by another feature set", history.name))
      .with_hint("replay the events to make states for this one");
}

NamedEntities::NamedEntities(const Program& program)
    : program_(program), first_of_(program.histories.size() + 1) {}

StateKey& NamedEntities::next_key() {
  if (size_ == keys_.size()) keys_.emplace_back();
  return keys_[size_++];
}

// Histories stand in the order of their names, which is that of keys.
void NamedEntities::name(const Evaluation& evaluation) {
  size_ = 0;
  history_of_.clear();
  for (std::size_t i = 0; i < program_.histories.size(); ++i) {
    first_of_[i] = size_;
    name_of(i, evaluation);
    history_of_.resize(size_, static_cast<std::uint32_t>(i));
  }
  first_of_.back() = size_;
  states_.assign(size_, nullptr);
}

void NamedEntities::name_of(std::size_t at, const Evaluation& evaluation) {
  const auto& history = program_.histories[at];
  std::array<std::string_view, History::kMaxKeyParts> memory;
  const auto parts = std::span(memory).first(history.key.size());
  std::span<const std::string_view> fan;
  std::size_t fan_at = parts.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto& cell = evaluation.value(history.key[i]);
    if (cell.is_missing()) return;
    if (program_.nodes[history.key[i]].type == Type::Texts) {
      fan = cell.texts();
      fan_at = i;
    } else {
      parts[i] = cell.text();
      if (parts[i].empty()) return;
    }
  }
  const auto add = [&] {
    auto& key = next_key();
    key.history = history.name;
    write_key(parts, key.key);
  };
  if (fan_at == parts.size()) return add();
  const auto first = static_cast<std::ptrdiff_t>(size_);
  for (const auto text : fan.first(std::min(fan.size(), kMaxOfHistory))) {
    if (text.empty()) continue;
    parts[fan_at] = text;
    add();
  }
  const auto begin = keys_.begin() + first,
             end = keys_.begin() + static_cast<std::ptrdiff_t>(size_);
  std::sort(begin, end);
  size_ = static_cast<std::size_t>(std::unique(begin, end) - keys_.begin());
}

Status NamedEntities::look_up(const EntityStates& states) {
  const auto count = looked_up();
  WINNOW_TRY(states.find(keys().first(count), std::span(states_).first(count)));
  for (std::size_t i = 0; i < count; ++i) {
    if (states_[i] != nullptr) WINNOW_TRY(check_declaration(*states_[i], history(i)));
  }
  return {};
}

void NamedEntities::look_up(const StateSlice& slice) {
  for (std::size_t i = 0; i < size_; ++i) {
    const auto* const state = slice.find(keys_[i]);
    states_[i] = state != nullptr && is_state_of(*state, history(i)) ? state : nullptr;
  }
}

Result<std::span<EntityState* const>> NamedEntities::change(EntityStates& states) {
  return change(0, size_, states);
}

Result<std::span<EntityState* const>> NamedEntities::change_those_of(std::size_t history,
                                                                     EntityStates& states) {
  return change(first_of_[history], first_of_[history + 1] - first_of_[history], states);
}

Result<std::span<EntityState* const>> NamedEntities::change(std::size_t first, std::size_t count,
                                                            EntityStates& states) {
  empty_.clear();
  for (std::size_t i = first; i < first + count; ++i) empty_.push_back(&history(i).empty);
  changing_.assign(count, nullptr);
  WINNOW_TRY(states.change(keys().subspan(first, count), empty_, changing_));
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_checked = changing_[i] == states_[first + i];  // since it was looked up
    if (!is_checked) WINNOW_TRY(check_declaration(*changing_[i], history(first + i)));
  }
  std::fill(states_.begin(), states_.end(), nullptr);
  return std::span<EntityState* const>(changing_);
}

StateSlice NamedEntities::slice() const {
  std::vector<StateSlice::Item> items;
  items.reserve(looked_up());
  for (std::size_t i = 0; i < looked_up(); ++i) {
    items.push_back({keys_[i], states_[i] == nullptr ? std::optional<EntityState>()
                                                     : std::optional(*states_[i])});
  }
  return StateSlice(std::move(items));
}

std::string NamedEntities::slice_bytes() const {
  return slice_bytes_of(std::views::iota(0UL, looked_up()) |
                        std::views::transform([&](std::size_t i) {
                          return SliceItem{&keys_[i], states_[i]};
                        }));
}

}  // namespace winnow::features
