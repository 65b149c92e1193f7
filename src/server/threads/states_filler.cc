#include "server/threads/states_filler.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include "base/thread.h"
#include "pipeline/decider.h"
#include "pipeline/states_beside.h"

namespace winnow::server {
namespace {

constexpr int kNiceness = 10;  // a tenth of a core where all others want it, else all of it
constexpr std::uint64_t kLastStretch = Decider::kBatch;  // left to who takes the states over

Path folder_for(const Champion& champion, const ServiceFiles& files) {
  return beside(ServingStates::folder_of(files.states, champion.bundle->mapping.domain()));
}

Result<ServingStates> states_for(const Champion& champion, const ServiceFiles& files) {
  return ServingStates::open(folder_for(champion, files),
                             champion.bundle->pipeline.features().history_digest());
}

}  // namespace

StatesFiller::StatesFiller(std::shared_ptr<const Champion> champion, const ServiceFiles& files,
                           const Clock& clock, std::function<void()> ended)
    : champion_(std::move(champion)), files_(files), clock_(&clock) {
  thread_ = start_thread("states", [this, ended = std::move(ended)] {
    auto outcome = fill();
    {
      const std::lock_guard lock(mutex_);
      outcome_ = std::move(outcome);
    }
    ended_.notify_all();
    ended();
  });
}

StatesFiller::~StatesFiller() {
  stop();
  thread_.join();
}

bool StatesFiller::has_ended_in(std::chrono::milliseconds patience) const {
  std::unique_lock lock(mutex_);
  return ended_.wait_for(lock, patience, [&] { return outcome_.has_value(); });
}

Filling StatesFiller::filling() const {
  return {champion_->bundle->mapping.domain(), champion_->bundle->id, champion_->promoted,
          events_.load(std::memory_order_relaxed), of_.load(std::memory_order_relaxed)};
}

// They are made from the log, so what cannot be used is no loss.
Status StatesFiller::begin() const {
  {
    const auto states = states_for(*champion_, files_);
    if (states && states->observed_through() != LogPlace()) return {};
    if (!states && states.error().code() != Code::Corrupt) return states.error();
  }
  const auto folder = folder_for(*champion_, files_);
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  if (error) return system_error(fmt::format("removing '{}'", folder.string()), error.value());
  return {};
}

// Writing what was folded takes a while, in which others come: it ends with a stretch so short that
// the scorer folds in what is left without being missed.
Status StatesFiller::fill() {
  WINNOW_TRY(const auto events, EventLog::open(files_.events, Access::ReadOnly));
  WINNOW_TRY(auto decisions, DecisionStore::open(files_.database, Access::ReadOnly));
  WINNOW_TRY(begin());
  WINNOW_TRY(auto states, states_for(*champion_, files_));
  Decider decider(champion_->bundle, events, states, decisions, *clock_);
  for (;;) {
    const auto written = states.observed_through().events;
    for (bool more = true; more;) {
      if (stop_.stop_requested())
        return Error(Code::Unavailable, "stopped before the states were filled");
      WINNOW_TRY(more, decider.fold_some());
      WINNOW_TRY(const auto last, events.last_id());
      of_.store(last, std::memory_order_relaxed);
      events_.store(states.observed_through().events, std::memory_order_relaxed);
      // The first page at full speed: who promotes on a small log waits for it.
      if (more) ::setpriority(PRIO_PROCESS, 0, kNiceness);  // of this thread alone, on Linux
    }
    WINNOW_TRY(states.checkpoint());
    if (states.observed_through().events - written <= kLastStretch) return {};
  }
}

}  // namespace winnow::server
