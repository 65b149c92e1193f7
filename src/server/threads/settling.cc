#include "server/threads/settling.h"

namespace winnow::server {

void Settling::note_answers(std::size_t records) {
  const std::lock_guard lock(mutex_);
  ++answered_;
  records_ += records;
}

bool Settling::is_needed() const {
  const std::lock_guard lock(mutex_);
  return readable_ < answered_;
}

bool Settling::is_due() const {
  const std::lock_guard lock(mutex_);
  return records_ >= kMost || is_wanted_;
}

void Settling::note_settled() {
  {
    const std::lock_guard lock(mutex_);
    readable_ = answered_;
    records_ = 0;
    is_wanted_ = false;
  }
  settled_.notify_all();
}

void Settling::wait() {
  std::unique_lock lock(mutex_);
  if (readable_ == answered_) return;
  const auto awaited = answered_;
  is_wanted_ = true;
  lock.unlock();
  wake_();
  lock.lock();
  settled_.wait(lock, [&] { return readable_ >= awaited; });
}

}  // namespace winnow::server
