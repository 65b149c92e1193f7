// What was decided lately, for people who look at the service: counted in memory, since the start.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/timestamp.h"
#include "pipeline/policy.h"

namespace winnow::server {

// Thread-safe. `clock` outlives it.
class Activity {
 public:
  static constexpr std::size_t kMinutes = 60;
  static constexpr std::size_t kMostSources = 200;  // beyond, newcomers count as kOthers
  static constexpr std::string_view kOthers = "(others)";

  explicit Activity(const Clock& clock) : clock_(&clock), started_(clock.now()) {}

  void note_decision(std::string_view source, Route route);
  void note_quarantined(std::string_view source);
  void note_latency(std::chrono::nanoseconds took);  // of an answer with a decision

  struct Source {
    std::uint64_t mails = 0, quarantined = 0;
    Timestamp last;
  };
  using Sources = std::map<std::string, Source, std::less<>>;
  struct Minute {
    Timestamp begin;
    std::array<std::uint64_t, 4> by_route{};  // as in Route
  };
  struct Summary {
    Timestamp started;
    std::uint64_t decided = 0;
    double a_minute = 0;                               // in the last 60 seconds, about
    std::optional<std::chrono::nanoseconds> p50, p99;  // of the latest answers
    Sources sources;
    std::vector<Minute> minutes;  // the last kMinutes, oldest first, empty ones too
  };
  Summary summary() const;
  Sources sources() const;

 private:
  static constexpr std::size_t kLatencies = 4096;
  Source& source_of(std::string_view name);

  const Clock* clock_;
  const Timestamp started_;
  mutable std::mutex mutex_;  // of all below
  std::uint64_t decided_ = 0;
  Sources sources_;
  std::array<Minute, kMinutes> minutes_{};  // by the minute's number, modulo kMinutes
  std::vector<std::chrono::nanoseconds> latencies_;
  std::size_t next_latency_ = 0;
};

}  // namespace winnow::server
