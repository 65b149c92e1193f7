#include "features/stored_entity_states.h"

#include "base/bytes.h"

namespace winnow {
namespace {

// The history's name, a NUL (which no name has), the entity's key: at most 60 + 1 + 400 bytes of
// LMDB's 511.
std::string stored_key(const StateKey& key) { return key.history + '\0' + key.key; }

}  // namespace

std::string StoredEntityStates::table_name(const Digest& history_digest) {
  return "entity_states." + history_digest.short_hex();
}

Result<std::optional<EntityState>> StoredEntityStates::get(const StateKey& key) const {
  WINNOW_TRY(const auto bytes, reader_.get(table_, stored_key(key)));
  if (!bytes) return std::optional<EntityState>();
  auto state = EntityState::from_bytes(*bytes);
  if (!state)
    return std::move(state).error().with_context("reading the state of a '" + key.history + "'");
  return std::optional<EntityState>(std::move(*state));
}

Status StoredEntityStates::put(const StateKey& key, EntityState state) {
  if (writer_ == nullptr)
    return Error(Code::Denied, "entity states opened for reading cannot be changed");
  return writer_->put(table_, stored_key(key), state.bytes());
}

}  // namespace winnow
