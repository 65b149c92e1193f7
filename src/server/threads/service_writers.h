// The service's threads, as who writes the stores that retention removes from: each does what is
// its own, between two pieces of its other work.
#pragma once

#include <functional>
#include <stop_token>

#include "cases/case_labels.h"
#include "ingest/quarantine.h"
#include "pipeline/decision_store.h"
#include "retention/kinds.h"
#include "retention/retention.h"
#include "server/threads/desk.h"
#include "server/threads/scorer.h"

namespace winnow::server {

// One thread, which is none of theirs. Everything waits until it is done, and fails with
// Unavailable once `stop` is asked for.
class ServiceWriters final : public StoreWriters {
 public:
  // All outlive it. Errors: of opening the stores.
  static Result<ServiceWriters> open(const RetainedFiles& files, Scorer& scorer, Desk& desk,
                                     const Clock& clock, std::stop_token stop);

  // While the states' outbox is emptied nothing is decided: a moment that grows with the states.
  Status settle(Progress& progress) override;
  Result<std::uint64_t> remove(RetainedKind kind, std::span<const std::string> ids,
                               const Removal& removal) override;
  Status begin_segment() override;
  Status forget_words() override;

 private:
  ServiceWriters(RetainedFiles files, Scorer& scorer, Desk& desk, const Clock& clock,
                 std::stop_token stop, DecisionStore decisions, Quarantine quarantine,
                 cases::CaseLabels labels);
  Status go_on() const;  // Unavailable: told to stop
  Status on_desk(const std::function<Status(cases::CaseBook&)>& work);
  RetainedFiles files_;
  Scorer* scorer_;
  Desk* desk_;
  const Clock* clock_;
  std::stop_token stop_;
  DecisionStore decisions_;
  Quarantine quarantine_;
  cases::CaseLabels labels_;
};

}  // namespace winnow::server
