#include "server/threads/in_steps.h"

#include <condition_variable>
#include <mutex>

namespace winnow::server {

void work_in_steps(const std::stop_token& stop,
                   const std::function<std::chrono::milliseconds()>& step) {
  std::mutex mutex;
  std::condition_variable_any stopping;
  while (!stop.stop_requested()) {
    const auto rest = step();
    std::unique_lock lock(mutex);
    stopping.wait_for(lock, stop, rest, [] { return false; });
  }
}

}  // namespace winnow::server
