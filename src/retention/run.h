// All rules of a workspace, applied one after the other until nothing is left that is old enough.
#pragma once

#include <chrono>
#include <map>
#include <string_view>
#include <vector>

#include "base/progress.h"
#include "retention/erase.h"
#include "retention/kinds.h"
#include "retention/retention.h"

namespace winnow {

// How long rows of a kind are kept; those of other kinds for ever.
using RetentionPolicy = std::map<RetainedKind, std::chrono::days>;

// What goes by the policy if `holds` are all that are active: a plan for each kind that it names
// and that there is any of. Errors: of the stores.
Result<std::vector<RetentionPlan>> plan_all(const Retained& retained, const RetentionPolicy& policy,
                                            std::vector<Hold> holds, Timestamp now);

struct RetentionReport {
  struct Applied {
    RetentionPlan plan;
    RetentionDone done;
  };
  std::vector<Applied> applied;        // also those that a hold cut short
  std::vector<RetentionPlan> planned;  // the last time
  ErasedBytes erased;                  // also what an earlier run that was cut short left behind
};

// Plans, removes, erases. A hold that is placed meanwhile is kept from that moment on; the rest is
// planned again. A crash, and any error, leaves what is left to the next run. `files` are those
// that the writers write. Errors: of the writers, of `stores` and of reading.
Result<RetentionReport> run_retention(const RetainedFiles& files, const RetentionPolicy& policy,
                                      StoreWriters& writers, const RetentionStores& stores,
                                      std::string_view actor, Progress& progress);

}  // namespace winnow
