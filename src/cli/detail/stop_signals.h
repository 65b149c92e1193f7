// How what goes on until it is stopped is stopped.
#pragma once

#include <cerrno>
#include <csignal>
#include <ctime>

namespace winnow::cli {

// Waits for SIGINT or SIGTERM, which no thread made after it handles. A second one ends the process
// at once: what was answered is durable.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }
  ~StopSignals() { pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // `each_minute` is done meanwhile.
  template <typename Work>
  void wait(Work each_minute) const {
    constexpr timespec kMinute{.tv_sec = 60, .tv_nsec = 0};
    while (sigtimedwait(&signals_, nullptr, &kMinute) < 0) {
      if (errno == EAGAIN) each_minute();
    }
    pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  }

 private:
  sigset_t signals_{};
};

}  // namespace winnow::cli
