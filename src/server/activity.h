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

  void note_accepted(std::string_view source);  // to be decided later
  // `happened`: the event's own time, as its sender has it.
  void note_decision(std::string_view source, Route route, Timestamp happened);
  // An event of another log than mail.
  void note_kept(std::string_view source, Timestamp happened);
  void note_quarantined(std::string_view source);
  void note_latency(std::chrono::nanoseconds took);  // of an answer with a decision

  struct Source {
    std::uint64_t mails = 0, events = 0, quarantined = 0;
    // Whose own time is further from now than kMostEventLag, or ahead by more than kClockError: how
    // much of the source is late, or whose clock is wrong.
    std::uint64_t late = 0, ahead = 0;
    Timestamp last;  // when something of it was accepted, decided or quarantined
    // From the events' own times to their decisions, the median of the latest that are plausible:
    // archives are old, and clocks are wrong.
    std::optional<std::chrono::seconds> event_lag;
  };
  static constexpr std::chrono::hours kMostEventLag{24};
  static constexpr std::chrono::minutes kClockError{5};  // what comes from the future by no more
                                                         // counts as of now
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
  static constexpr std::size_t kLatencies = 4096, kEventLags = 32;
  struct Known {
    Source source;
    std::vector<std::chrono::seconds> event_lags = {};  // the latest, in a ring
    std::size_t next_event_lag = 0;
  };
  Known& known(std::string_view name);
  static void note_event_lag(Known& known, Duration lag);
  Sources told_sources() const;  // under the lock

  const Clock* clock_;
  const Timestamp started_;
  mutable std::mutex mutex_;  // of all below
  std::uint64_t decided_ = 0;
  std::map<std::string, Known, std::less<>> sources_;
  std::array<Minute, kMinutes> minutes_{};  // by the minute's number, modulo kMinutes
  std::vector<std::chrono::nanoseconds> latencies_;
  std::size_t next_latency_ = 0;
};

}  // namespace winnow::server
