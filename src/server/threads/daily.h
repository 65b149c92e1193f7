// When something is due that is done once a day, by a clock that may be wrong.
#pragma once

#include <chrono>

#include "base/timestamp.h"

namespace winnow::server {

// One thread. Test: DailyTest.
class Daily {
 public:
  // `at`: so long after midnight, UTC. `running`: how long the machine has been running, also while
  // it slept.
  Daily(std::chrono::minutes at, Timestamp now, std::chrono::seconds running);

  // Whether it is due: the first time that the clock is behind the day's moment, then not before
  // the next day's. A clock that is set back makes nothing due.
  bool is_due(Timestamp now);
  Timestamp next() const;
  // Whether the clock and the machine's running time have parted by more than an hour since the
  // beginning: then one of them was set, and nobody knows how old anything is.
  bool was_set(Timestamp now, std::chrono::seconds running) const;

 private:
  std::int64_t day_of(Timestamp now) const;  // the days that begin at the moment
  std::chrono::minutes at_;
  std::int64_t done_;  // the last day on which it was due, or that had begun before
  Timestamp since_;
  std::chrono::seconds running_;
};

std::chrono::seconds machine_running();

}  // namespace winnow::server
