// The front door: decides what is traced, and sends it to an OpenTelemetry collector.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/rng.h"
#include "base/timestamp.h"
#include "fetch/fetch.h"
#include "trace/otlp.h"
#include "trace/span.h"

namespace winnow::trace {

struct TracerOptions {
  std::string endpoint;               // "http://127.0.0.1:4318"; /v1/traces comes behind it
  std::vector<std::string> fields{};  // of each request, "name: value": what the collector asks for
  double ratio = 1;                   // of the traces that begin here, how many are recorded
  Service service{};
  std::size_t queue_spans = 8192;            // that wait; more are dropped
  std::chrono::milliseconds gather{1000};    // how long a first span waits for more to go with it
  std::chrono::milliseconds try_again{500};  // after a first failure; then twice that, and so on
};

// Thread-safe. Who records never waits: what there is no room for is dropped, and counted.
class Tracer {
 public:
  static constexpr std::size_t kBatchSpans = 512;  // of one request to the collector
  static constexpr int kAttempts = 5;

  // `clock` outlives it.
  Tracer(TracerOptions options, const Clock& clock);
  ~Tracer();  // as stop() without grace
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  // A new span's: in its parent's trace, and sampled as that is; or of a new trace.
  SpanContext begin(const std::optional<SpanContext>& parent);
  SpanContext child_of(const SpanContext& parent);  // the same without asking twice
  // To be sent; all of it or, where there is no room, none.
  void record(std::vector<Span> spans);

  struct Counts {
    std::uint64_t sent = 0;     // and taken by the collector
    std::uint64_t dropped = 0;  // no room, refused, or given up
  };
  Counts counts() const;
  // Sends what waits, at most for `grace`; then it has ended.
  void stop(std::chrono::milliseconds grace);

 private:
  enum class Delivery { Taken, Refused, Later };
  void run();
  std::vector<Span> next_batch();  // empty: it is over
  void deliver(const std::vector<Span>& batch);
  Delivery attempt(const std::string& body, std::size_t spans, std::string& why,
                   std::chrono::milliseconds& pause);
  void give_up(std::size_t spans, const std::string& why);

  const TracerOptions options_;
  const Clock* clock_;
  const std::string url_;
  Fetch fetch_;  // of the thread; stopped by anybody
  // Counted one by one: a reader may see one of them a moment before the other.
  std::atomic<std::uint64_t> sent_{0}, dropped_{0};
  mutable std::mutex mutex_;  // of all below
  std::condition_variable changed_, ended_;
  Rng ids_;
  std::deque<Span> waiting_;
  bool stopping_ = false, has_ended_ = false;
  Time told_{};  // the thread's: when the log was told last that nothing arrives
  std::thread thread_;
};

}  // namespace winnow::trace
