// How often somebody may do something: a token bucket each, in memory that does not grow with how
// many there are.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace winnow::server {

// Thread-safe.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  struct Config {
    double a_second = 1;         // in the long run
    double burst = 10;           // at once, after a rest
    std::size_t known = 10'000;  // beyond, newcomers share one bucket
  };
  explicit RateLimit(const Config& config) : config_(config) {}

  bool take(std::string_view who, Time now);      // false: not now
  bool is_spent(std::string_view who, Time now);  // take() would be false
  std::chrono::seconds next_in() const;           // until one more is allowed, rounded up

 private:
  struct Bucket {
    double level;
    Time at;
  };
  double level(const Bucket& bucket, Time now) const;
  Bucket& bucket_of(std::string_view who, Time now);

  Config config_;
  std::mutex mutex_;  // of all below
  std::unordered_map<std::string, Bucket> buckets_;
};

}  // namespace winnow::server
