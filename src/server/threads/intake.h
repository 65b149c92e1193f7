// The one thread that accepts what is decided later: all that waits goes to the spool with one
// write and one fdatasync, then every client gets its answer.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/timestamp.h"
#include "server/activity.h"
#include "server/metrics.h"
#include "server/threads/delivery.h"
#include "server/threads/work_queue.h"
#include "store/spool.h"

namespace winnow::server {

// Who waits for records to be on disk; told once, on the intake's thread, which it does not keep
// waiting.
class Sender {
 public:
  using Time = std::chrono::steady_clock::time_point;
  virtual ~Sender() = default;
  virtual void stored(Time begun) = 0;  // writing it began then
  // Nothing was accepted; the deliveries are the sender's again.
  virtual void refused(const Error& why, std::vector<Delivery> deliveries) = 0;
};

struct Arrival {
  std::unique_ptr<Sender> sender;
  std::vector<Delivery> deliveries;
};

class Intake {
 public:
  static constexpr std::size_t kQueueRequests = 1024;
  static constexpr std::size_t kQueueBytes = 128UL << 20;
  static constexpr std::size_t kBatchBytes = 16UL << 20;
  static constexpr std::chrono::minutes kLate{5};  // what waits longer is an alarm

  // `accepted` is called on its thread whenever something was. What it is given outlives it.
  Intake(Spool& spool, const Clock& clock, Metrics& metrics, Activity& activity,
         std::function<void()> accepted);
  ~Intake();  // as stop()

  // Any thread; never waits. False, and `arrival` is still the caller's: too much waits already.
  bool offer(Arrival& arrival);
  // Any thread: what waits to be decided.
  Spool::Use use() const { return spool_->use(); }
  std::map<std::string, Spool::Waiting> waiting_by_source() const {
    return spool_->waiting_by_group();
  }
  void stop();  // accepts what waits, then ends

 private:
  void run();
  void accept(std::vector<Arrival> batch);
  void look_at_age();

  Spool* spool_;
  const Clock* clock_;
  Metrics* metrics_;
  Activity* activity_;
  std::function<void()> accepted_;
  WorkQueue<Arrival> queue_{{.items = kQueueRequests, .weight = kQueueBytes}};
  std::chrono::steady_clock::time_point alarm_next_{};
  std::thread thread_;
};

}  // namespace winnow::server
