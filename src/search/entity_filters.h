// Which blocks of the event log can name an entity at all: a filter for each block, so that a
// search passes over what cannot hold what is looked for. Made from the log, and made again
// whenever somebody wants: what has no filter that holds is searched itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "ocsf/event.h"
#include "store/sqlite.h"

namespace winnow::search {

// So many events that arrived one after the other; the last ones, too few yet, have no filter.
inline constexpr std::uint64_t kBlockEvents = 512;
// Of the event with this id.
inline std::uint64_t block_of(std::uint64_t id) { return (id - 1) / kBlockEvents; }

// How stored records become events, for who makes filters and who searches alike.
struct Reading {
  // Errors: InvalidArgument (it cannot be read any more), which names nothing.
  std::function<Result<ocsf::Event>(const StoredEvent& stored, std::string_view raw)> event;
  // What reads the records of a mapping's name (empty: mail's): another text wherever the same
  // records may become other events.
  std::function<std::string(std::string_view mapping)> reader;
};

// Makes filters and keeps them in a database. One thread at a time; EntityFilterReaders, and who
// removes events, may work beside it.
class EntityFilters {
 public:
  // Opens those in `file`; an absent file is made, and a damaged one made anew. Filters that
  // another `build` of the code made, or that are of another log, are forgotten. `events` outlives
  // it. Errors: Denied, Exhausted, Unavailable.
  static Result<EntityFilters> open(const EventLog& events, const Path& file,
                                    std::string_view build);

  // From now on records are read so: what others read otherwise is made again.
  void set_reading(Reading reading);

  // Looks at up to `most` blocks, the newest first, and makes those filters that are missing or do
  // not hold any more. Returns how many it looked at; fewer than `most`: all is done. A crash
  // anywhere loses nothing but filters. Errors: Corrupt (remove_if_damaged()), Exhausted,
  // Unavailable.
  Result<std::size_t> catch_up(std::size_t most);

 private:
  EntityFilters(const EventLog& events, Sqlite database)
      : events_(&events), database_(std::move(database)) {}
  Status begin(std::string_view build);
  Result<bool> is_of_this_log();
  Result<std::optional<std::uint64_t>> next();
  Status look_at(std::uint64_t block);
  Status make(std::uint64_t block);

  const EventLog* events_;
  Sqlite database_;
  Reading reading_;
  bool has_begun_ = false;
  std::uint64_t first_ = 0, end_ = 0;  // blocks that were looked at: first_ <= block < end_
};

// Asks filters. One thread at a time.
class EntityFilterReader {
 public:
  // `wanted` as for is_entity(). Errors: NotFound (there are none yet), Corrupt, Denied,
  // Unavailable, Unsupported.
  static Result<EntityFilterReader> open(const Path& file, std::string_view wanted,
                                         Reading reading);

  // Whether an event with this id may name what is wanted: "no" is certain. Errors: Corrupt,
  // Unavailable.
  Result<bool> may_name(std::uint64_t id);

 private:
  EntityFilterReader(Sqlite database, std::uint64_t key, Reading reading)
      : database_(std::move(database)), key_(key), reading_(std::move(reading)) {}
  Result<bool> ask(std::uint64_t block);

  Sqlite database_;
  std::uint64_t key_;
  Reading reading_;
  std::unordered_map<std::uint64_t, bool> answers_;       // by block
  std::map<std::string, bool, std::less<>> are_current_;  // by what its filter was made with
};

// After Corrupt, which the event log may have told too: a damaged file goes, and is to be opened
// again. Cost: reads the whole file. Errors: Denied, Unavailable.
Status remove_if_damaged(const Path& file);

// Before events are removed from the log: the filters of their blocks go, and are not made again
// until finish_removals(). Durable when it returns. Nothing where there are no filters; damaged
// ones go whole. Errors: Unavailable, Exhausted.
Status expect_removal(const Path& file, const EventLog& events, std::span<const Digest> removed);
// Once they are removed, or by the next run after a crash; who has made the file durable and free
// of what was deleted (retention/) has erased them. Errors: as expect_removal().
Status finish_removals(const Path& file);

}  // namespace winnow::search
