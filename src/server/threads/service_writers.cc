#include "server/threads/service_writers.h"

#include <future>
#include <thread>
#include <utility>

#include "retention/erase.h"
#include "retention/forget_derived.h"

namespace winnow::server {
namespace {

constexpr std::chrono::milliseconds kBusy{100};  // how long to wait for room in the desk's queue
constexpr std::size_t kAtATime = 256;            // decisions, labels: so that others hardly wait

}  // namespace

ServiceWriters::ServiceWriters(RetainedFiles files, Scorer& scorer, Desk& desk, const Clock& clock,
                               std::stop_token stop, DecisionStore decisions, Quarantine quarantine,
                               cases::CaseLabels labels)
    : files_(std::move(files)),
      scorer_(&scorer),
      desk_(&desk),
      clock_(&clock),
      stop_(std::move(stop)),
      decisions_(std::move(decisions)),
      quarantine_(std::move(quarantine)),
      labels_(std::move(labels)) {}

Result<ServiceWriters> ServiceWriters::open(const RetainedFiles& files, Scorer& scorer, Desk& desk,
                                            const Clock& clock, std::stop_token stop) {
  WINNOW_TRY(auto decisions, DecisionStore::open(files.database, Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(files.quarantine, Access::ReadWrite));
  WINNOW_TRY(auto labels, cases::CaseLabels::open(files.database));
  return ServiceWriters(files, scorer, desk, clock, std::move(stop), std::move(decisions),
                        std::move(quarantine), std::move(labels));
}

Status ServiceWriters::go_on() const {
  if (!stop_.stop_requested()) return {};
  return Error(Code::Unavailable, "the service stops: what is left goes the next time");
}

Status ServiceWriters::on_desk(const std::function<Status(cases::CaseBook&)>& work) {
  std::promise<Status> done;
  auto outcome = done.get_future();
  while (
      !desk_->offer([&work, &done](DeskStores& stores) { done.set_value(work(stores.cases)); })) {
    WINNOW_TRY(go_on());
    std::this_thread::sleep_for(kBusy);
  }
  return outcome.get();
}

Status ServiceWriters::settle(Progress&) {
  WINNOW_TRY(go_on());
  WINNOW_TRY(scorer_->with_stores_closed(
      [this]() -> Status { return erase_outbox(files_.states, decisions_); }));
  for (std::size_t done = kAtATime; done == kAtATime;) {
    WINNOW_TRY(go_on());
    WINNOW_TRY(on_desk([&done](cases::CaseBook& cases) -> Status {
      WINNOW_TRY(done, cases.catch_up(kAtATime));
      return {};
    }));
  }
  for (std::size_t done = kAtATime; done == kAtATime;) {
    WINNOW_TRY(go_on());
    WINNOW_TRY(scorer_->with_log([this, &done](EventLog& events) -> Status {
      WINNOW_TRY(done, labels_.hand_over(events, *clock_, kAtATime));
      return {};
    }));
  }
  return {};
}

Result<std::uint64_t> ServiceWriters::remove(RetainedKind kind, std::span<const std::string> ids,
                                             const Removal& removal) {
  WINNOW_TRY(go_on());
  std::uint64_t removed = 0;
  if (kind == RetainedKind::Cases) {
    WINNOW_TRY(on_desk([&](cases::CaseBook& cases) -> Status {
      WINNOW_TRY(removed, cases.remove(ids, removal));
      return {};
    }));
    return removed;
  }
  WINNOW_TRY(const auto digests, digests_of(ids));
  if (kind == RetainedKind::Decisions) return decisions_.remove(digests, removal);
  if (kind == RetainedKind::Quarantine) return quarantine_.remove(digests);
  const auto remove_events = [&](EventLog& events) -> Status {
    WINNOW_TRY(expect_forgetting(files_, events, digests));
    WINNOW_TRY(removed, events.remove(digests, removal));
    return {};
  };
  WINNOW_TRY(scorer_->with_log(remove_events));
  return removed;
}

Status ServiceWriters::begin_segment() {
  WINNOW_TRY(go_on());
  return scorer_->with_log([](EventLog& events) { return events.begin_segment(); });
}

Status ServiceWriters::forget_words() {
  WINNOW_TRY(go_on());
  return on_desk([](cases::CaseBook& cases) { return cases.forget_words(); });
}

}  // namespace winnow::server
