#include "retention/apply.h"

#include <algorithm>

#include "ingest/event_eraser.h"

namespace winnow {

Result<RetentionDone> apply_retention(const RetentionPlan& plan, EventLog& events, AuditLog& audit,
                                      std::string_view actor, const Clock& clock,
                                      Progress& progress) {
  const auto now = clock.now();
  RetentionDone done;
  WINNOW_TRY(done.audit_entry, audit.append(entry_of(plan, actor, now)));
  const auto removal = removal_by(plan, done.audit_entry, now);
  progress.stage("removing mails", plan.events.size());
  for (std::size_t at = 0; at < plan.events.size(); at += kRemovedAtOnce) {
    const auto count = std::min(kRemovedAtOnce, plan.events.size() - at);
    WINNOW_TRY(const auto removed,
               events.remove(std::span(plan.events).subspan(at, count), removal));
    done.events += removed;
    progress.advance(count);
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
