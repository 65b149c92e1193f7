#include "server/access/rate_limit.h"

#include <algorithm>
#include <cmath>

namespace winnow::server {
namespace {

constexpr std::string_view kNewcomers;  // nobody is called so

}  // namespace

double RateLimit::level(const Bucket& bucket, Time now) const {
  const double rested = std::chrono::duration<double>(now - bucket.at).count();
  return std::min(config_.burst, bucket.level + std::max(0.0, rested) * config_.a_second);
}

RateLimit::Bucket& RateLimit::bucket_of(std::string_view who, Time now) {
  std::string key(who);
  if (const auto known = buckets_.find(key); known != buckets_.end()) return known->second;
  if (buckets_.size() >= config_.known) {
    // Whoever has rested long enough is as good as new.
    std::erase_if(buckets_,
                  [&](const auto& entry) { return level(entry.second, now) >= config_.burst; });
  }
  if (buckets_.size() >= config_.known) key = kNewcomers;
  return buckets_.try_emplace(std::move(key), Bucket{config_.burst, now}).first->second;
}

bool RateLimit::take(std::string_view who, Time now) {
  const std::lock_guard lock(mutex_);
  auto& bucket = bucket_of(who, now);
  bucket = {level(bucket, now), now};
  if (bucket.level < 1) return false;
  bucket.level -= 1;
  return true;
}

bool RateLimit::is_spent(std::string_view who, Time now) {
  const std::lock_guard lock(mutex_);
  const auto known = buckets_.find(std::string(who));
  return known != buckets_.end() && level(known->second, now) < 1;
}

std::chrono::seconds RateLimit::next_in() const {
  return std::chrono::seconds(std::max(1L, std::lround(std::ceil(1 / config_.a_second))));
}

}  // namespace winnow::server
