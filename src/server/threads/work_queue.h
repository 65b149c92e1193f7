// A bounded queue between the loops' threads and those that do the work: who brings never waits,
// who fetches waits until there is something or the queue is closed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace winnow::server {

// Each item has a weight (in bytes, or 1); the queue is full by count or by weight.
template <typename Item>
class WorkQueue {
 public:
  struct Limits {
    std::size_t items;
    std::size_t weight = SIZE_MAX;
  };
  explicit WorkQueue(Limits limits) : limits_(limits) {}

  // False, and `item` stays as it was: the queue is full or closed.
  bool push(Item& item, std::size_t weight) {
    {
      const std::lock_guard lock(mutex_);
      const bool too_heavy = !items_.empty() && weight_ + weight > limits_.weight;
      if (closed_ || items_.size() >= limits_.items || too_heavy) return false;
      items_.emplace_back(std::move(item), weight);
      weight_ += weight;
    }
    filled_.notify_one();
    return true;
  }

  // All that wait, up to these limits; waits for at least one, but neither beyond `patience` nor
  // once nudged: then there may be none. Nothing once closed and drained.
  static constexpr std::chrono::milliseconds kForever = std::chrono::hours(24 * 365);
  std::optional<std::vector<Item>> pop(Limits most, std::chrono::microseconds patience = kForever) {
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return closed_ || nudged_ || !items_.empty(); };
    // To wait for no time is to wait for a timer, and those of threads are 50 us late.
    if (patience > patience.zero()) filled_.wait_for(lock, patience, ready);
    nudged_ = false;
    if (closed_ && items_.empty()) return std::nullopt;
    std::vector<Item> taken;
    for (std::size_t weight = 0; !items_.empty() && taken.size() < most.items;) {
      auto& [item, own] = items_.front();
      weight += own;
      if (!taken.empty() && weight > most.weight) break;
      weight_ -= own;
      taken.push_back(std::move(item));
      items_.pop_front();
    }
    return taken;
  }

  // Who waits in pop() has something else to see to.
  void nudge() {
    {
      const std::lock_guard lock(mutex_);
      nudged_ = true;
    }
    filled_.notify_all();
  }

  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
  }

  std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  const Limits limits_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable filled_;
  std::deque<std::pair<Item, std::size_t>> items_;
  std::size_t weight_ = 0;
  bool nudged_ = false;
  bool closed_ = false;
};

}  // namespace winnow::server
