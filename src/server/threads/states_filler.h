// Fills entity states from the event log beside those that decide, for a champion that remembers
// other things than the one before it (ADR 20): on a thread of its own, which gives way to others.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/result.h"
#include "base/timestamp.h"
#include "server/filling.h"
#include "server/threads/champion.h"
#include "server/threads/service_files.h"

namespace winnow::server {

class StatesFiller {
 public:
  // Begins. Goes on where one for the same history was stopped, or where states left off that
  // decided before; what else stands there is removed. `ended` is called on the filler's thread,
  // which then has nothing open. `clock` outlives it.
  StatesFiller(std::shared_ptr<const Champion> champion, const ServiceFiles& files,
               const Clock& clock, std::function<void()> ended);
  ~StatesFiller();  // stops, and waits for the end of a page

  const std::shared_ptr<const Champion>& champion() const { return champion_; }
  void stop() { stop_.request_stop(); }  // does not wait
  // Waits so long at most; tells whether it has ended.
  bool has_ended_in(std::chrono::milliseconds patience) const;
  // Once it has ended: the states are those of the log but for a page or so; or why not.
  // Unavailable: it was stopped.
  const Status& outcome() const { return *outcome_; }
  Filling filling() const;  // any thread

 private:
  Status fill();
  Status begin() const;

  const std::shared_ptr<const Champion> champion_;
  const ServiceFiles files_;
  const Clock* clock_;
  // Relaxed: numbers for people. Test:
  // PromotionsBeside.WhoDecidedBeforeGoesOnUntilTheStatesAreFilled.
  std::atomic<std::uint64_t> events_{0}, of_{0};
  std::stop_source stop_;
  mutable std::mutex mutex_;  // of outcome_, until it is there
  mutable std::condition_variable ended_;
  std::optional<Status> outcome_;
  std::thread thread_;
};

}  // namespace winnow::server
