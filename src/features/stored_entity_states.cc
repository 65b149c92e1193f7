#include "features/stored_entity_states.h"

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

Status StateCache::write(LmdbWriter& writer, LmdbTable table) {
  for (const auto& key : changed_) {
    const auto* const entry = table_->find(key);
    ensure(entry != nullptr, "a changed state stays in the cache until it is stored");
    WINNOW_TRY(writer.put(table, stored_key(key), entry->state.bytes()));
  }
  return {};
}

void StateCache::committed() {
  for (const auto& key : changed_) {
    auto* const entry = table_->find(key);
    entry->is_changed = false;
    table_->account(*entry);
  }
  changed_.clear();
  table_->evict(most_bytes_);
}

void StateCache::rolled_back() {
  for (const auto& key : changed_) table_->erase(key);
  changed_.clear();
  table_->evict(most_bytes_);
}

std::string StoredEntityStates::table_name(const Digest& history_digest) {
  return "entity_states." + history_digest.short_hex();
}

Result<const EntityState*> StoredEntityStates::find(const StateKey& key) const {
  if (const auto* const entry = cache_.table_->find(key)) return &entry->state;
  WINNOW_TRY(const auto bytes, reader_.get(table_, stored_key(key)));
  if (!bytes) return nullptr;
  auto state = EntityState::from_bytes(*bytes);
  if (!state)
    return std::move(state).error().with_context("reading the state of a '" + key.history + "'");
  return &cache_.table_->insert(key, std::move(*state)).state;
}

Result<EntityState*> StoredEntityStates::change(const StateKey& key, const EntityState& empty) {
  if (!can_change_)
    return Error(Code::Denied, "entity states opened for reading cannot be changed");
  WINNOW_TRY(const auto* const found, find(key));
  auto& entry = found == nullptr ? cache_.table_->insert(key, empty) : *cache_.table_->find(key);
  if (!std::exchange(entry.is_changed, true)) cache_.changed_.push_back(key);
  return &entry.state;
}

void StoredEntityStates::expect(std::span<const StateKey> keys) const {
  cache_.table_->prefetch(keys);
}

}  // namespace winnow
