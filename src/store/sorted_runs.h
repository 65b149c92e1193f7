// Pairs of numbers in their order, any number of them, in a database. An index of SQL writes a page
// for nearly every pair once its keys lie anywhere; here what comes together is one sorted run, and
// eight runs of a size become one of the next.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/key_filter.h"
#include "store/sqlite.h"

namespace winnow {

struct NumberPair {
  std::int64_t key = 0;
  std::int64_t value = 0;
  auto operator<=>(const NumberPair&) const = default;
};

// One set of pairs among those in a database. Every call is made within a transaction of the
// caller's, which also says what several calls see. One thread at a time. Errors of all: Corrupt,
// Exhausted, Unavailable.
class SortedRuns {
 public:
  // The tables, for all sets of a database.
  static constexpr std::string_view kSchema = R"sql(
  CREATE TABLE sorted_runs (
    run   INTEGER PRIMARY KEY AUTOINCREMENT,  -- a number is given once: a run never changes
    name  TEXT NOT NULL,                      -- of the set
    pairs INTEGER NOT NULL,                   -- how many
    low   INTEGER NOT NULL,                   -- the lowest and the highest key
    high  INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE sorted_pairs (
    run        INTEGER NOT NULL,
    last_key   INTEGER NOT NULL,              -- the row's last pair
    last_value INTEGER NOT NULL,
    pairs      BLOB NOT NULL,                 -- ascending: i64 key, i64 value
    PRIMARY KEY (run, last_key, last_value)
  ) STRICT, WITHOUT ROWID;
)sql";

  // The database outlives it.
  SortedRuns(Sqlite& database, std::string name) : database_(&database), name_(std::move(name)) {}

  // Cost: sorting, and a pair is written once more each time its run is joined: six times at most
  // where dozens come together, fifteen where each comes alone.
  Status add(std::vector<NumberPair> pairs);

  // The pairs with one of these keys, in no order that is promised. Cost: a look into each run.
  Result<std::vector<NumberPair>> find(std::vector<std::int64_t> keys);
  // From now on find() looks only where a key probably is: for an owner that asks about many, of
  // which most are not there. Two bytes of memory a pair; each run is read once. A run for whose
  // filter `max_bytes` are too few is asked itself.
  static constexpr std::size_t kMaxFilterBytes = 256UL << 20;
  void keep_filters(std::size_t max_bytes) { max_filter_bytes_ = max_bytes; }
  // After a transaction with an add() was not committed.
  void forget_filters();

  // The first `limit` pairs behind `after` with a key below `end`, ascending.
  Result<std::vector<NumberPair>> ascending(const NumberPair& after, std::int64_t end,
                                            std::size_t limit);
  // The last `limit` pairs before `before` with a key from `begin` on, descending.
  Result<std::vector<NumberPair>> descending(const NumberPair& before, std::int64_t begin,
                                             std::size_t limit);

 private:
  struct Run {
    std::int64_t number = 0;
    std::uint64_t pairs = 0;
    std::int64_t low = 0, high = 0;
  };
  Result<std::vector<Run>> runs();
  Status write(std::span<const NumberPair> pairs);
  Result<std::vector<NumberPair>> take(std::span<const Run> runs);
  Status read_all(const Run& run, std::vector<NumberPair>& pairs);
  Status find_in(const Run& run, std::span<const std::int64_t> keys,
                 std::vector<NumberPair>& found);
  Result<const KeyFilter*> filter_of(const Run& run);
  bool has_room_for_filter(std::uint64_t pairs) const;
  const KeyFilter* keep_filter(std::int64_t run, std::span<const NumberPair> pairs);
  void drop_filters(std::span<const Run> runs);

  Sqlite* database_;
  std::string name_;
  std::size_t max_filter_bytes_ = 0;           // none: no filters
  std::map<std::int64_t, KeyFilter> filters_;  // by run
  std::size_t filter_bytes_ = 0;
};

}  // namespace winnow
