// The one thread that takes from the spool what was accepted, makes records of it and has the
// scorer decide them, in their order. A delivery is forgotten once all of it was decided or is in
// quarantine, durably; after a crash some comes again and is known.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

#include "server/threads/delivery.h"
#include "server/threads/scorer.h"
#include "store/spool.h"

namespace winnow::server {

class Feeder {
 public:
  static constexpr std::size_t kBatchRecords = 256;
  static constexpr std::size_t kBatchBytes = 4UL << 20;
  static constexpr std::size_t kMostLinks = 128;  // of a span, as OpenTelemetry limits them

  // All outlive it; `tracer` is null where nothing is traced.
  Feeder(Spool& spool, Scorer& scorer, trace::Tracer* tracer);
  ~Feeder();  // as stop()

  void nudge();  // any thread: there is something in the spool
  void stop();   // what was not decided stays in the spool

 private:
  // Records that are decided together, and where in the spool the deliveries end that end with
  // them.
  struct Batch {
    std::vector<ReceivedRecord> records;
    std::size_t bytes = 0;
    std::optional<RecordPosition> ends;
    std::vector<trace::SpanContext> brought_by;  // the traced requests
  };
  void run();
  Result<Batch> next_batch();
  void note_request(Batch& batch) const;
  void work_off(const Batch& batch);
  Status decide(const Batch& batch);
  bool rest(std::chrono::milliseconds patience, bool until_nudged);  // false: told to stop

  Spool* spool_;
  Scorer* scorer_;
  trace::Tracer* tracer_;
  std::optional<DeliveryReader> delivery_;  // that is being read
  RecordPosition delivery_end_;
  std::stop_source stop_;
  std::mutex mutex_;  // of nudged_
  std::condition_variable_any changed_;
  bool nudged_ = false;
  std::thread thread_;
};

}  // namespace winnow::server
