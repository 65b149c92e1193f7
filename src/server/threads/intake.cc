#include "server/threads/intake.h"

#include "base/log.h"
#include "base/thread.h"
#include "server/source_health.h"

namespace winnow::server {
namespace {

constexpr std::chrono::seconds kLook{5};    // at the age of what waits
constexpr std::chrono::minutes kRepeat{5};  // of the alarm

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
  const auto begun = std::chrono::steady_clock::now();
  const auto stored = spool_->append(records, clock_->now());
  metrics_->note_accepted(stored ? items : 0, stored ? 0 : items);
  if (!stored) log::error("records were not accepted", {{"error", stored.error().text()}});
  for (std::size_t i = 0; stored && i < records.size(); ++i)
    activity_->note_accepted(source_of(records[i].payload));
  for (auto& arrival : batch) {
    if (stored) {
      arrival.sender->stored(begun);
    } else {
      arrival.sender->refused(stored.error(), std::move(arrival.deliveries));
    }
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
