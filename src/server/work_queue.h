// A bounded queue between the loops' threads and those that do the work: who brings never waits,
// who fetches waits until there is something or the queue is closed.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
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

  // All that wait, up to these limits and at least one; empty once closed and drained.
  std::vector<Item> pop(Limits most) {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [&] { return closed_ || !items_.empty(); });
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
  bool closed_ = false;
};

}  // namespace winnow::server
