// Threads that do what they are offered, each with stores of its own.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/thread.h"
#include "server/threads/work_queue.h"

namespace winnow::server {

template <typename Stores>
class StoreThreads {
 public:
  using Work = std::function<void(Stores& stores)>;

  // `before` is called before each work that reads, on its thread.
  explicit StoreThreads(std::function<void()> before) : before_(std::move(before)) {}
  StoreThreads(const StoreThreads&) = delete;
  StoreThreads& operator=(const StoreThreads&) = delete;
  ~StoreThreads() { stop(); }

  // One more thread, called `name`.
  void add(std::string_view name, Stores stores) {
    threads_.push_back(
        start_thread(name, [this, own = std::make_shared<Stores>(std::move(stores))] {
          while (const auto taken = queue_.pop({.items = 1})) {
            for (const auto& work : *taken) work(*own);
          }
        }));
  }

  // Any thread; `work` runs soon on one of these. False: too much waits already.
  bool offer(Work work) {
    return push([this, work = std::move(work)](Stores& stores) {
      before_();
      work(stores);
    });
  }
  // The same for work that reads nothing.
  bool offer_apart(std::function<void()> work) {
    return push([work = std::move(work)](Stores&) { work(); });
  }

  void stop() {  // does what waits, then ends
    queue_.close();
    for (auto& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  bool push(Work work) { return queue_.push(work, 1); }

  WorkQueue<Work> queue_{{.items = 256}};
  std::vector<std::thread> threads_;
  const std::function<void()> before_;
};

}  // namespace winnow::server
