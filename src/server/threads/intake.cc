#include "server/threads/intake.h"

#include <algorithm>

#include "base/log.h"
#include "base/thread.h"
#include "server/access/gate.h"
#include "server/dialect.h"
#include "server/source_health.h"

namespace winnow::server {
namespace {

constexpr std::chrono::seconds kLook{5};           // at the age of what waits
constexpr std::chrono::minutes kRepeat{5};         // of the alarm
constexpr std::chrono::seconds kTryFullAgain{10};  // what a client is told of a full spool

Refusal refusal_of(const Error& error) {
  if (error.code() == Code::Exhausted) {
    return {507, "the server has no room left for what is decided later",
            "nothing was accepted; try again when some of it was decided", kTryFullAgain};
  }
  return {503, "the server cannot accept this now", "nothing was accepted; try again"};
}

void note_parts(const std::vector<Arrival>& batch, trace::Time begun) {
  const auto stored = std::chrono::steady_clock::now();
  for (const auto& arrival : batch) {
    auto* const trace = arrival.ticket.trace();
    if (trace == nullptr) continue;
    trace->add_part("wait", trace->started(), begun);
    trace->add_part("store records", begun, stored);
  }
}

}  // namespace

Intake::Intake(Spool& spool, const Clock& clock, Metrics& metrics, Activity& activity,
               std::function<void()> accepted)
    : spool_(&spool),
      clock_(&clock),
      metrics_(&metrics),
      activity_(&activity),
      accepted_(std::move(accepted)) {
  thread_ = start_thread("intake", [this] { run(); });
}

Intake::~Intake() { stop(); }

void Intake::stop() {
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

bool Intake::offer(Arrival& arrival) {
  std::size_t bytes = 0;
  for (const auto& delivery : arrival.deliveries) bytes += delivery.bytes.size();
  return queue_.push(arrival, bytes);
}

void Intake::run() {
  for (;;) {
    auto batch = queue_.pop({.items = kQueueRequests, .weight = kBatchBytes}, kLook);
    if (!batch) return;
    if (!batch->empty()) accept(std::move(*batch));
    look_at_age();
  }
}

void Intake::accept(std::vector<Arrival> batch) {
  std::vector<Spool::NewRecord> records;
  std::uint64_t items = 0;
  for (const auto& arrival : batch) {
    for (const auto& delivery : arrival.deliveries) {
      records.push_back({delivery.records, delivery.bytes});
      items += delivery.records;
    }
  }
  const auto traced = [](const Arrival& arrival) { return arrival.ticket.trace() != nullptr; };
  const bool is_traced = std::ranges::any_of(batch, traced);
  const auto begun = is_traced ? std::chrono::steady_clock::now() : trace::Time();
  const auto stored = spool_->append(records, clock_->now());
  if (is_traced) note_parts(batch, begun);
  metrics_->note_accepted(stored ? items : 0, stored ? 0 : items);
  if (!stored) log::error("records were not accepted", {{"error", stored.error().text()}});
  for (std::size_t i = 0; stored && i < records.size(); ++i)
    activity_->note_accepted(source_of(records[i].payload));
  for (auto& arrival : batch) {
    if (!stored) {
      arrival.answer.clear();
      refuse_on(*arrival.route, arrival.ticket.request(), refusal_of(stored.error()),
                arrival.answer);
    } else if (arrival.when_stored) {
      arrival.when_stored(arrival.answer);
    }
    arrival.ticket.answer(std::move(arrival.answer));
  }
  if (stored) accepted_();
}

void Intake::look_at_age() {
  const auto now = std::chrono::steady_clock::now();
  if (now < alarm_next_) return;
  const auto use = spool_->use();
  const auto lag = lag_of(use);
  if (lag < kLate) return;
  alarm_next_ = now + kRepeat;
  log::warn("accepted records wait for their decision",
            {{"oldest_s", lag.count()},
             {"records", use.items},
             {"hint", "a champion must be deployed, and the disk must answer"}});
}

}  // namespace winnow::server
