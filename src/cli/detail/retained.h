// What a workspace keeps, as retention asks about it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "cases/case_book.h"
#include "cases/case_reader.h"
#include "cli/detail/settings.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "pipeline/decision_store.h"
#include "registry/workspace.h"
#include "retention/hold_check.h"
#include "retention/kinds.h"
#include "retention/retention.h"

namespace winnow::cli {

// What there never was any of is null. Its parts stay where they are when it is moved.
struct Retained {
  std::unique_ptr<EventLog> events;
  std::unique_ptr<DecisionStore> decisions;
  std::unique_ptr<cases::CaseReader> cases;
  std::unique_ptr<cases::CaseBook> book;  // opened for writing only
  std::unique_ptr<Quarantine> quarantine;
};
// Errors: Conflict (for writing, and another process takes mail in), and of opening the stores.
Result<Retained> open_retained(Workspace& workspace, Access access);

// What would go by the settings, if `holds` are all that are active.
struct RetentionPlans {
  std::unique_ptr<HoldCheck> holds;
  struct Rule {
    RowKind kind;
    RetentionPlan plan;
  };
  std::vector<Rule> rules;  // in the order in which they are applied: cases before the decisions
                            // that are left without one
};
// `retained` outlives it.
Result<RetentionPlans> plan_all(const Retained& retained, const Settings& settings,
                                std::vector<Hold> holds, Timestamp now);

}  // namespace winnow::cli
