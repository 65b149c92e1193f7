// A process that has the workspace to itself, as who writes its stores.
#pragma once

#include <memory>

#include "cases/case_book.h"
#include "ingest/event_log.h"
#include "ingest/quarantine.h"
#include "pipeline/decision_store.h"
#include "registry/registry.h"
#include "retention/kinds.h"
#include "retention/retention.h"

namespace winnow {

// One thread at a time.
class OnlyWriter final : public StoreWriters {
 public:
  // `registry` and `clock` outlive it. Errors: Conflict (another process takes mail in), and of
  // opening the stores.
  static Result<OnlyWriter> open(const RetainedFiles& files, Registry& registry,
                                 const cases::CasePolicy& policy, const Clock& clock);

  Status settle(Progress& progress) override;
  Result<std::uint64_t> remove(RetainedKind kind, std::span<const std::string> ids,
                               const Removal& removal) override;
  Status begin_segment() override { return events_->begin_segment(); }
  Status forget_words() override { return book_.forget_words(); }

 private:
  OnlyWriter(RetainedFiles files, std::unique_ptr<EventLog> events, DecisionStore decisions,
             cases::CaseBook book, Quarantine quarantine, const Clock& clock)
      : files_(std::move(files)),
        events_(std::move(events)),
        decisions_(std::move(decisions)),
        book_(std::move(book)),
        quarantine_(std::move(quarantine)),
        clock_(&clock) {}
  RetainedFiles files_;
  std::unique_ptr<EventLog> events_;
  DecisionStore decisions_;
  cases::CaseBook book_;
  Quarantine quarantine_;
  const Clock* clock_;
};

}  // namespace winnow
