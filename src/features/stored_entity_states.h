// Entity states in LMDB: read and written within a transaction of the caller's, so that states and
// the offset of the input that changed them are committed in one write, and a crash counts nothing
// twice.
#pragma once

#include <string>

#include "base/digest.h"
#include "features/entity_states.h"
#include "store/lmdb.h"

namespace winnow {

// Borrows a reader's or a writer's transaction; lives no longer than it. One thread at a time.
class StoredEntityStates final : public EntityStates {
 public:
  // Reading only: put() fails with Denied.
  StoredEntityStates(const LmdbReader& reader, LmdbTable table)
      : reader_(reader), writer_(nullptr), table_(table) {}
  StoredEntityStates(LmdbWriter& writer, LmdbTable table)
      : reader_(writer), writer_(&writer), table_(table) {}

  Result<std::optional<EntityState>> get(const StateKey& key) const override;
  Status put(const StateKey& key, EntityState state) override;

  // The name of the table that holds the states of feature sets with this history_digest().
  static std::string table_name(const Digest& history_digest);

 private:
  const LmdbReader& reader_;
  LmdbWriter* writer_;
  LmdbTable table_;
};

}  // namespace winnow
