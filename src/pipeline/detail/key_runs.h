// Which packs hold what one looks for: keys of eight bytes, any number of them, spread evenly, each
// with the packs that it leads to. An index of the database would write a page for nearly every
// key; here what comes together is one sorted run, and sixteen runs of a size become the next.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "store/sqlite.h"

namespace winnow {

class KeyRuns {
 public:
  static constexpr std::string_view kSchema = R"sql(
CREATE TABLE closed_key_runs (
  run   INTEGER PRIMARY KEY AUTOINCREMENT,
  level INTEGER NOT NULL
) STRICT;
CREATE TABLE closed_keys (
  run  INTEGER NOT NULL,
  last INTEGER NOT NULL,         -- the highest key of the row; keys from 2^63 on are below 0
  keys BLOB NOT NULL,            -- ascending: u64 key, u32 pack
  PRIMARY KEY (run, last)
) STRICT, WITHOUT ROWID;
)sql";

  explicit KeyRuns(Sqlite& database) : database_(&database) {}

  // Within the caller's transaction. Keys that led to packs before `oldest_pack` are forgotten when
  // their runs are joined. Errors: Exhausted, Unavailable.
  Status add(std::span<const std::uint64_t> keys, std::uint64_t pack, std::uint64_t oldest_pack);

  // The packs that keys from `first` to `last` lead to, each once, ascending, as of one moment;
  // some may be gone. Errors: Corrupt, Unavailable.
  Result<std::vector<std::uint64_t>> packs(std::uint64_t first, std::uint64_t last);

 private:
  struct Entry {
    std::uint64_t key;
    std::uint64_t pack;
    auto operator<=>(const Entry&) const = default;
  };
  Status write(std::vector<Entry> entries, int level);
  Result<std::vector<Entry>> take(int level);
  static Status read(std::string_view bytes, std::vector<Entry>& entries);

  Sqlite* database_;
};

}  // namespace winnow
