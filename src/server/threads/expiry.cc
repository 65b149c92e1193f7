#include "server/threads/expiry.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "base/progress.h"
#include "base/thread.h"
#include "server/threads/service_writers.h"

namespace winnow::server {
namespace {

constexpr std::chrono::seconds kLook{20};  // at the clock
constexpr std::chrono::seconds kLongestPlan{20};

}  // namespace

Expiry::Expiry(const Path& data, RetainedFiles files, ExpiryOptions options, Scorer& scorer,
               Desk& desk, const Clock& clock)
    : data_(data),
      files_(std::move(files)),
      options_(std::move(options)),
      scorer_(&scorer),
      desk_(&desk),
      clock_(&clock) {
  thread_ = start_thread("expiry", [this] { run(); });
}

Expiry::~Expiry() { stop(); }

void Expiry::stop() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

Expiry::Standing Expiry::standing() const {
  const std::lock_guard lock(mutex_);
  return standing_;
}

Result<std::vector<RetentionPlan>> Expiry::plan() const {
  WINNOW_TRY(auto retained, open_retained(files_));
  retained.go_on = [stop = stop_.get_token(),
                    until = std::chrono::steady_clock::now() + kLongestPlan]() -> Status {
    if (stop.stop_requested()) return Error(Code::Unavailable, "the service stops");
    if (std::chrono::steady_clock::now() < until) return {};
    return Error(Code::Timeout,
                 fmt::format("planning takes longer than {} s", kLongestPlan.count()))
        .with_hint("winnow retention plan takes its time");
  };
  WINNOW_TRY(auto holds, active_holds(files_.database));
  return plan_all(retained, options_.policy, std::move(holds), clock_->now());
}

bool Expiry::ask(std::string actor) {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(standing_.runs, true)) return false;
    asked_ = std::move(actor);
  }
  changed_.notify_all();
  return true;
}

std::optional<std::string> Expiry::wait_for_work(Daily& daily) {
  const bool by_itself = options_.at && !options_.policy.empty();
  std::unique_lock lock(mutex_);
  for (;;) {
    if (by_itself) standing_.next = daily.next();
    const bool is_asked =
        changed_.wait_for(lock, stop_.get_token(), kLook, [this] { return asked_.has_value(); });
    if (stop_.stop_requested()) return std::nullopt;
    const bool is_due = by_itself && daily.is_due(clock_->now());
    if (!is_asked && !is_due) continue;
    standing_.runs = true;
    return std::exchange(asked_, std::nullopt).value_or("winnow serve");
  }
}

Result<RetentionReport> Expiry::apply(const std::string& actor, const Daily& daily) {
  if (daily.was_set(clock_->now(), machine_running())) {
    return Error(Code::Conflict,
                 "the clock was set since the service started, so nobody knows how "
                 "old anything is: nothing is removed")
        .with_hint("restart the service when the clock is right");
  }
  WINNOW_TRY(const auto registry, Registry::open(data_, *clock_, Access::ReadWrite));
  WINNOW_TRY(auto holds, Holds::open(*registry, files_.database));
  WINNOW_TRY(auto writers,
             ServiceWriters::open(files_, *scorer_, *desk_, *clock_, stop_.get_token()));
  NoProgress progress;
  return run_retention(files_, options_.policy, writers, {registry->audit(), holds, *clock_}, actor,
                       progress);
}

void Expiry::run() {
  Daily daily(options_.at.value_or(std::chrono::minutes(0)), clock_->now(), machine_running());
  while (const auto actor = wait_for_work(daily)) {
    Run done;
    done.begun = clock_->now();
    done.actor = *actor;
    const auto report = apply(*actor, daily);
    done.ended = clock_->now();
    if (report) {
      for (const auto& one : report->applied) done.rows += one.done.rows;
      done.erased = report->erased;
      log::info("retention was applied",
                {{"rows", done.rows}, {"mails_erased", done.erased.events}});
    } else {
      done.problem = report.error().text();
      log::error("retention was not applied to its end", {{"error", done.problem}});
    }
    const std::lock_guard lock(mutex_);
    standing_.runs = false;
    standing_.last = std::move(done);
  }
}

}  // namespace winnow::server
