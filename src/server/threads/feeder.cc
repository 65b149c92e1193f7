#include "server/threads/feeder.h"

#include "base/log.h"
#include "base/thread.h"

namespace winnow::server {
namespace {

constexpr std::chrono::seconds kTryAgain{1};

}  // namespace

Feeder::Feeder(Spool& spool, Scorer& scorer, trace::Tracer* tracer)
    : spool_(&spool), scorer_(&scorer), tracer_(tracer) {
  thread_ = start_thread("feeder", [this] { run(); });
}

Feeder::~Feeder() { stop(); }

void Feeder::stop() {
  stop_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Feeder::nudge() {
  {
    const std::lock_guard lock(mutex_);
    nudged_ = true;
  }
  changed_.notify_one();
}

bool Feeder::rest(std::chrono::milliseconds patience, bool until_nudged) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop_.get_token(), patience, [&] { return until_nudged && nudged_; });
  nudged_ = false;
  return !stop_.stop_requested();
}

void Feeder::run() {
  constexpr std::chrono::hours kForever{24};
  while (!stop_.stop_requested()) {
    const auto batch = next_batch();
    if (!batch) {
      log::error("the spool cannot be read; it is tried again", {{"error", batch.error().text()}});
      delivery_.reset();
      spool_->take_again();
      if (!rest(kTryAgain, false)) return;
    } else if (batch->records.empty() && !batch->ends) {
      if (!rest(kForever, true)) return;
    } else {
      work_off(*batch);
    }
  }
}

// What several small deliveries hold, or a part of a large one.
Result<Feeder::Batch> Feeder::next_batch() {
  Batch batch;
  while (batch.records.size() < kBatchRecords && batch.bytes < kBatchBytes) {
    if (!delivery_) {
      WINNOW_TRY(auto spooled, spool_->take());
      if (!spooled) break;
      delivery_end_ = spooled->behind;
      delivery_.emplace(std::move(*spooled));
    }
    note_request(batch);
    ReceivedRecord record;
    WINNOW_TRY(const bool more, delivery_->next(record));
    if (more) {
      batch.bytes += record.record.raw.size();
      batch.records.push_back(std::move(record));
    } else {
      delivery_.reset();
      batch.ends = delivery_end_;
    }
  }
  return batch;
}

void Feeder::note_request(Batch& batch) const {
  const auto& request = delivery_->brought_by();
  if (tracer_ == nullptr || !request || batch.brought_by.size() == kMostLinks) return;
  const bool is_known = !batch.brought_by.empty() && batch.brought_by.back() == *request;
  if (!is_known) batch.brought_by.push_back(*request);
}

Status Feeder::decide(const Batch& batch) {
  if (batch.brought_by.empty()) return scorer_->work_off(batch.records, stop_.get_token());
  const auto begun = std::chrono::steady_clock::now();
  auto done = scorer_->work_off(batch.records, stop_.get_token());
  if (!done && stop_.stop_requested()) return done;  // it waits for the next start
  record_decided(*tracer_, batch.brought_by, batch.records.size(), !done, begun,
                 std::chrono::steady_clock::now());
  return done;
}

void Feeder::work_off(const Batch& batch) {
  while (!batch.records.empty()) {
    const auto done = decide(batch);
    if (done) break;
    if (!stop_.stop_requested())
      log::warn("accepted records wait; it is tried again", {{"error", done.error().text()}});
    if (!rest(kTryAgain, false)) return;
  }
  if (!batch.ends) return;
  if (const auto forgotten = spool_->forget(*batch.ends); !forgotten)
    log::error("the spool did not shrink", {{"error", forgotten.error().text()}});
}

}  // namespace winnow::server
