#include "retention/apply.h"

#include <algorithm>

#include "ingest/event_eraser.h"

namespace winnow {

Result<RetentionDone> apply_retention(const RetentionPlan& plan,
                                      const std::optional<std::uint64_t>& known,
                                      const RetentionStores& stores, std::string_view actor,
                                      Progress& progress) {
  const auto now = stores.clock.now();
  const std::span all(plan.events);
  RetentionDone done;
  WINNOW_TRY(done.audit_entry, stores.audit.append(entry_of(plan, actor, now)));
  const auto removal = removal_by(plan, done.audit_entry, now);
  progress.stage("removing mails", all.size());
  for (std::size_t at = 0; at < all.size(); at += kRemovedAtOnce) {
    const auto batch = all.subspan(at, std::min(kRemovedAtOnce, all.size() - at));
    {
      WINNOW_TRY(const auto pause, stores.holds.pause());
      WINNOW_TRY(const auto newest, stores.holds.newest());
      done.stopped = newest != known;
      if (!done.stopped) {
        WINNOW_TRY(const auto removed, stores.events.remove(batch, removal));
        done.events += removed;
      }
    }
    if (done.stopped) {
      WINNOW_TRY(stores.audit.append(
          stop_of(plan, done.audit_entry, all.first(at), actor, stores.clock.now())));
      return done;
    }
    progress.advance(batch.size());
  }
  return done;
}

Result<ErasedBytes> erase_removed(EventLog& events, const Path& folder, Progress& progress) {
  WINNOW_TRY(auto eraser, EventEraser::open(folder));
  WINNOW_TRY(const bool last_holds_some, eraser.waits_for_segment());
  if (last_holds_some) WINNOW_TRY(events.begin_segment());
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

}  // namespace winnow
