#include "features/stored_entity_states.h"

#include <algorithm>

#include "features/detail/state_table.h"

namespace winnow {
namespace {

// The history's name, a NUL (which no name has), the entity's key: at most 60 + 1 + 400 bytes of
// LMDB's 511.
std::string stored_key(const StateKey& key) { return key.history + '\0' + key.key; }

}  // namespace

StateCache::StateCache(std::size_t most_bytes)
    : most_bytes_(most_bytes), table_(std::make_unique<features::StateTable>()) {}
StateCache::StateCache(StateCache&&) noexcept = default;
StateCache& StateCache::operator=(StateCache&&) noexcept = default;
StateCache::~StateCache() = default;

std::size_t StateCache::size() const { return table_->size(); }
std::size_t StateCache::bytes() const { return table_->bytes(); }

// In the order in which the table keeps them, so that neighbours share the pages on the way.
Status StateCache::write(LmdbWriter& writer, LmdbTable table) {
  std::sort(changed_.begin(), changed_.end());
  for (const auto& key : changed_) {
    const auto* const state = table_->find(key);
    ensure(state != nullptr, "a changed state stays in the cache until it is stored");
    WINNOW_TRY(writer.put(table, stored_key(key), state->bytes()));
  }
  return {};
}

void StateCache::committed() {
  for (const auto& key : changed_) table_->set_changed(key, false);
  changed_.clear();
  table_->evict(most_bytes_);
}

void StateCache::rolled_back() {
  for (const auto& key : changed_) table_->erase(key);
  changed_.clear();
  table_->evict(most_bytes_);
}

void StateCache::rest() { table_->evict(most_bytes_); }

std::string StoredEntityStates::table_name(const Digest& history_digest) {
  return "entity_states." + history_digest.short_hex();
}

Result<EntityState*> StoredEntityStates::load(const StateKey& key) const {
  if (auto* const known = cache_.table_->find(key)) return known;  // of a key named twice
  WINNOW_TRY(const auto bytes, reader_.get(table_, stored_key(key)));
  if (!bytes) return nullptr;
  auto state = EntityState::from_bytes(*bytes);
  if (!state)
    return std::move(state).error().with_context("reading the state of a '" + key.history + "'");
  return &cache_.table_->insert(key, std::move(*state));
}

Status StoredEntityStates::find(std::span<const StateKey> keys,
                                std::span<const EntityState*> states) const {
  cache_.table_->find(keys, states);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (states[i] == nullptr) {
      WINNOW_TRY(states[i], load(keys[i]));
    }
  }
  return {};
}

Status StoredEntityStates::change(std::span<const StateKey> keys,
                                  std::span<const EntityState* const> empty,
                                  std::span<EntityState*> states) {
  if (!can_change_)
    return Error(Code::Denied, "entity states opened for reading cannot be changed");
  cache_.table_->find_to_change(keys, states, cache_.changed_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (states[i] != nullptr) continue;
    WINNOW_TRY(states[i], load(keys[i]));
    if (states[i] == nullptr) states[i] = &cache_.table_->insert(keys[i], *empty[i]);
    if (!cache_.table_->set_changed(keys[i], true)) cache_.changed_.push_back(keys[i]);
  }
  return {};
}

}  // namespace winnow
