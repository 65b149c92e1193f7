#include "retention/run.h"

#include "retention/forget_derived.h"

namespace winnow {
namespace {

// Makes what went, now or before, go from the files as well.
Result<ErasedBytes> erase_all(const RetainedFiles& files, StoreWriters& writers,
                              Progress& progress) {
  WINNOW_TRY(const auto erased, erase_removed(writers, files.events, progress));
  progress.stage("erasing rows", 0);
  WINNOW_TRY(writers.forget_words());
  WINNOW_TRY(erase_deleted(files.database));
  WINNOW_TRY(erase_deleted(files.quarantine));
  WINNOW_TRY(forget_derived(files));
  return erased;
}

}  // namespace

Result<std::vector<RetentionPlan>> plan_all(const Retained& retained, const RetentionPolicy& policy,
                                            std::vector<Hold> holds, Timestamp now) {
  const HoldCheck check(std::move(holds), *retained.events, cases_of(retained));
  std::vector<RetentionPlan> plans;
  for (const auto& rows : rows_of(retained, check)) {
    const auto kept_for = policy.find(rows.kind);
    if (kept_for == policy.end()) continue;
    WINNOW_TRY(plans.emplace_back(), plan_retention(rows, kept_for->second, now));
  }
  return plans;
}

Result<RetentionReport> run_retention(const RetainedFiles& files, const RetentionPolicy& policy,
                                      StoreWriters& writers, const RetentionStores& stores,
                                      std::string_view actor, Progress& progress) {
  WINNOW_TRY(writers.settle(progress));
  WINNOW_TRY(const auto retained, open_retained(files));
  RetentionReport report;
  for (bool again = true; again;) {  // a hold that is placed meanwhile changes the plan
    again = false;
    WINNOW_TRY(const auto known, stores.holds.newest());
    WINNOW_TRY(auto active, stores.holds.active());
    WINNOW_TRY(report.planned, plan_all(retained, policy, std::move(active), stores.clock.now()));
    for (const auto& plan : report.planned) {
      if (again) break;
      if (plan.ids.empty()) continue;
      WINNOW_TRY(const auto done, apply_retention(plan, writers, known, stores, actor, progress));
      report.applied.push_back({plan, done});
      again = done.stopped;
    }
  }
  WINNOW_TRY(report.erased, erase_all(files, writers, progress));
  return report;
}

}  // namespace winnow
