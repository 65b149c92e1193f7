// What was decided lately, for people who look at the service: counted in memory, since the start.
// Of before it only is known which sources there were.
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
#include "ocsf/domain.h"
#include "pipeline/policy.h"
#include "server/recent_counts.h"

namespace winnow::server {

// Thread-safe. `clock` outlives it.
class Activity {
 public:
  static constexpr std::size_t kMinutes = 60, kHours = 24;
  static constexpr std::size_t kMostSources = 200;  // beyond, newcomers count as kOthers
  static constexpr std::string_view kOthers = "(others)";

  explicit Activity(const Clock& clock) : clock_(&clock), started_(clock.now()) {}

  // Something of it last came then, before the start.
  void take_up(std::string_view source, Timestamp last);
  void note_accepted(std::string_view source);  // to be decided later
  // A record that was read: by which mapping (empty: mail's), and its own time, as its sender has
  // it.
  struct Read {
    std::string_view source, mapping;
    Timestamp happened;
  };
  void note_decision(const Read& read, Domain domain, Route route);
  // Of what was noted as kept, or as quarantined, before.
  void note_late_decision(Domain domain, Route route);
  void note_kept(const Read& read);  // not decided: no champion reads it, or nothing decides there
  void note_quarantined(std::string_view source);
  void note_latency(std::chrono::nanoseconds took);  // of an answer with a decision

  struct Source {
    std::uint64_t mails = 0, events = 0, quarantined = 0;  // events: of other logs than mail
    std::map<std::string, std::uint64_t, std::less<>> mappings = {};  // records that each read
    // What came of it, usable or not, in the last minutes and hours, the present one last.
    std::array<std::uint64_t, kMinutes> minutes{};
    std::array<std::uint64_t, kHours> hours{};
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
    std::array<std::uint64_t, kDomains.size()> by_domain{};
  };
  struct Summary {
    Timestamp started;
    std::uint64_t decided = 0;
    std::array<std::uint64_t, kDomains.size()> by_domain{};  // of them
    double a_minute = 0;                                     // in the last 60 seconds, about
    std::optional<std::chrono::nanoseconds> p50, p99;        // of the latest answers
    Sources sources;
    std::vector<Minute> minutes;  // the last kMinutes, oldest first, empty ones too
  };
  Summary summary() const;
  Sources sources() const;

 private:
  static constexpr std::size_t kLatencies = 4096, kEventLags = 32;
  struct Known {
    Source source;
    RecentCounts<kMinutes> minutes = {};
    RecentCounts<kHours> hours = {};
    std::vector<std::chrono::seconds> event_lags = {};  // the latest, in a ring
    std::size_t next_event_lag = 0;
  };
  Known& known(std::string_view name);
  // These under the lock:
  Known& note_record(std::string_view source, Timestamp now);
  void note_read(const Read& read, Timestamp now);
  void count_decision(Domain domain, Route route, Timestamp now);
  static void note_event_lag(Known& known, Duration lag);
  Sources told_sources(Timestamp now) const;

  const Clock* clock_;
  const Timestamp started_;
  mutable std::mutex mutex_;  // of all below
  std::uint64_t decided_ = 0;
  std::array<std::uint64_t, kDomains.size()> by_domain_{};
  std::map<std::string, Known, std::less<>> sources_;
  std::array<Minute, kMinutes> minutes_{};  // by the minute's number, modulo kMinutes
  std::vector<std::chrono::nanoseconds> latencies_;
  std::size_t next_latency_ = 0;
};

}  // namespace winnow::server
