// Entity states in LMDB, read and written within transactions of the caller's, so that states and
// the offset of the input that changed them are committed in one write, and a crash counts nothing
// twice. Before LMDB stands a cache of bounded size: what it evicts is read again, never forgotten;
// what was changed stays in it until it is written.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "features/entity_states.h"
#include "store/lmdb.h"

namespace winnow {

// The states of one table that were used last, as objects; those changed wait here for write(), in
// this transaction or a later one. Not thread-safe.
class StateCache {
 public:
  // Between transactions it holds at most so many bytes; one may go beyond by what it reads and
  // changes.
  explicit StateCache(std::size_t most_bytes);
  StateCache(StateCache&&) noexcept;
  StateCache& operator=(StateCache&&) noexcept;
  ~StateCache();

  // Puts what was changed into `table`. Errors: Exhausted (disk full), Unavailable.
  Status write(LmdbWriter& writer, LmdbTable table);
  // Each ends a transaction and evicts what is too much:
  void committed();    // that of write() came to be
  void rolled_back();  // what was changed since the last write() is as it was before
  void rest();         // what was changed goes on to wait

  std::size_t size() const;
  std::size_t bytes() const;  // about
  std::size_t changed() const { return changed_.size(); }

 private:
  friend class StoredEntityStates;
  std::size_t most_bytes_;
  std::unique_ptr<features::StateTable> table_;
  std::vector<StateKey> changed_;
};

// Borrows a reader's or a writer's transaction, and the cache of that table; lives no longer than
// they. One thread at a time.
class StoredEntityStates final : public EntityStates {
 public:
  // Reading only: change() fails with Denied.
  StoredEntityStates(const LmdbReader& reader, LmdbTable table, StateCache& cache)
      : reader_(reader), can_change_(false), table_(table), cache_(cache) {}
  // What is changed waits in the cache, for a transaction behind this one.
  struct Changeable {};
  StoredEntityStates(const LmdbReader& reader, LmdbTable table, StateCache& cache, Changeable)
      : reader_(reader), can_change_(true), table_(table), cache_(cache) {}
  // What is changed stands in the table after cache.write().
  StoredEntityStates(LmdbWriter& writer, LmdbTable table, StateCache& cache)
      : reader_(writer), can_change_(true), table_(table), cache_(cache) {}

  Status find(std::span<const StateKey> keys, std::span<const EntityState*> states) const override;
  Status change(std::span<const StateKey> keys, std::span<const EntityState* const> empty,
                std::span<EntityState*> states) override;

  // The name of the table that holds the states of feature sets with this history_digest().
  static std::string table_name(const Digest& history_digest);

 private:
  Result<EntityState*> load(const StateKey& key) const;  // into the cache; null when never seen

  const LmdbReader& reader_;
  bool can_change_;
  LmdbTable table_;
  StateCache& cache_;
};

}  // namespace winnow
