#include "retention/only_writer.h"

#include "cases/case_labels.h"
#include "retention/erase.h"
#include "retention/forget_derived.h"

namespace winnow {
namespace {

constexpr std::size_t kAtATime = 1000;

}  // namespace

Result<OnlyWriter> OnlyWriter::open(const RetainedFiles& files, Registry& registry,
                                    const cases::CasePolicy& policy, const Clock& clock) {
  WINNOW_TRY(auto log, EventLog::open(files.events, Access::ReadWrite));
  auto events = std::make_unique<EventLog>(std::move(log));
  WINNOW_TRY(auto decisions, DecisionStore::open(files.database, Access::ReadWrite));
  WINNOW_TRY(auto book, cases::CaseBook::open(registry, *events, files.database, policy));
  WINNOW_TRY(auto quarantine, Quarantine::open(files.quarantine, Access::ReadWrite));
  return OnlyWriter(files, std::move(events), std::move(decisions), std::move(book),
                    std::move(quarantine), clock);
}

Status OnlyWriter::settle(Progress& progress) {
  WINNOW_TRY(erase_outbox(files_.states, decisions_));
  progress.stage("making cases", 0);  // what is in none yet might belong to an open one
  for (std::size_t done = kAtATime; done == kAtATime;) {
    WINNOW_TRY(done, book_.catch_up(kAtATime));
    progress.advance(done);
  }
  // What people judged counts as labelled, also where no mail was decided since.
  WINNOW_TRY(auto labels, cases::CaseLabels::open(files_.database));
  return labels.hand_over_all(*events_, *clock_);
}

Result<std::uint64_t> OnlyWriter::remove(RetainedKind kind, std::span<const std::string> ids,
                                         const Removal& removal) {
  if (kind == RetainedKind::Cases) return book_.remove(ids, removal);
  WINNOW_TRY(const auto digests, digests_of(ids));
  if (kind == RetainedKind::Decisions) return decisions_.remove(digests, removal);
  if (kind == RetainedKind::Quarantine) return quarantine_.remove(digests);
  WINNOW_TRY(expect_forgetting(files_, *events_, digests));
  return events_->remove(digests, removal);
}

}  // namespace winnow
