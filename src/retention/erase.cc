#include "retention/erase.h"

#include <fmt/format.h>

#include "ingest/event_eraser.h"
#include "pipeline/serving_states.h"
#include "pipeline/states_beside.h"
#include "store/lmdb.h"
#include "store/sqlite.h"

namespace winnow {

Result<ErasedBytes> erase_removed(StoreWriters& writers, const Path& folder, Progress& progress) {
  WINNOW_TRY(auto eraser, EventEraser::open(folder));
  WINNOW_TRY(const bool last_holds_some, eraser.waits_for_segment());
  if (last_holds_some) WINNOW_TRY(writers.begin_segment());
  progress.stage("erasing their bytes", 0);
  ErasedBytes erased;
  for (EventEraser::Step step{.more = true}; step.more;) {
    WINNOW_TRY(step, eraser.step());
    erased.events += step.events;
    erased.bytes += step.bytes;
    progress.advance(1);
  }
  return erased;
}

namespace {

// What decided before has held decisions; what is being filled has not; what cannot be read is
// worth nothing.
Status remove_former(const Path& states) {
  const auto use = use_of(states);
  if (!use && use.error().code() != Code::Corrupt) return use.error();
  std::error_code error;
  if (!use || *use) std::filesystem::remove_all(states, error);
  if (error) return system_error(fmt::format("removing '{}'", states.string()), error.value());
  return {};
}

}  // namespace

Status erase_outbox(const Path& states, DecisionStore& decisions) {
  WINNOW_TRY(ServingStates::move_in(states));
  for (const auto domain : kDomains) {
    const auto folder = ServingStates::folder_of(states, domain);
    WINNOW_TRY(ServingStates::empty_outbox(folder, decisions));
    WINNOW_TRY(remove_former(beside(folder)));
    std::error_code ignored;
    if (std::filesystem::exists(folder / "data.mdb", ignored)) WINNOW_TRY(Lmdb::compact(folder));
  }
  return {};
}

Status erase_deleted(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite));
  WINNOW_TRY(auto checkpoint, sqlite.prepare("PRAGMA wal_checkpoint(TRUNCATE)"));
  WINNOW_TRY(checkpoint.bind());
  WINNOW_TRY(checkpoint.next());
  bool busy = false;
  std::int64_t pages = 0, moved = 0;
  WINNOW_TRY(checkpoint.read(busy, pages, moved));
  if (!busy) return {};
  return Error(Code::Conflict,
               fmt::format("'{}' is being read as it was before the removal", database.string()))
      .with_hint("run the same command again");
}

}  // namespace winnow
