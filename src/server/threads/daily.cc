#include "server/threads/daily.h"

#include <ctime>

namespace winnow::server {
namespace {

constexpr std::chrono::hours kApart{1};
constexpr std::int64_t kDaySeconds = 24 * 60 * 60;

}  // namespace

Daily::Daily(std::chrono::minutes at, Timestamp now, std::chrono::seconds running)
    : at_(at), done_(0), since_(now), running_(running) {
  done_ = day_of(now);
}

std::int64_t Daily::day_of(Timestamp now) const {
  const auto seconds = (now - at_).seconds();
  return seconds / kDaySeconds - (seconds % kDaySeconds < 0 ? 1 : 0);
}

bool Daily::is_due(Timestamp now) {
  const auto day = day_of(now);
  if (day == done_) return false;
  const bool is_later = day > done_;
  done_ = day;
  return is_later;
}

Timestamp Daily::next() const { return Timestamp::from_seconds((done_ + 1) * kDaySeconds) + at_; }

bool Daily::was_set(Timestamp now, std::chrono::seconds running) const {
  const auto apart = (now - since_) - (running - running_);
  return apart > kApart || apart < -kApart;
}

std::chrono::seconds machine_running() {
  timespec time{};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::seconds(time.tv_sec);
}

}  // namespace winnow::server
