// A simulated log, record by record in the order of time. Memory is that of up to three days'
// records.
#pragma once

#include <functional>
#include <vector>

#include "base/timestamp.h"
#include "simulate/simulated_record.h"

namespace winnow::simulate {

// Movable, not thread-safe.
class RecordStream {
 public:
  struct Day {
    unsigned number = 0;  // from 0
    Timestamp begins;
    bool is_work = false;  // Monday to Friday
  };
  // A day's records, in any order. Whoever lives elsewhere, or works late, writes some of them
  // before the day begins or after it ends, by less than kAround. Those of one moment come as they
  // stand here.
  using Make = std::function<std::vector<SimulatedRecord>(const Day& day)>;
  static constexpr std::chrono::hours kAround{24};

  RecordStream(Timestamp from, unsigned days, Make make);

  // The next record; false at the end of the span.
  bool next(SimulatedRecord& out);
  // Leaves out what lies before `at`; the days that ended long before are not even made.
  void skip_to(Timestamp at);

 private:
  Timestamp begins(unsigned day) const { return from_ + std::chrono::hours(24) * day; }
  void make_day();

  Timestamp from_;
  unsigned days_;
  Make make_;
  Timestamp since_;                     // nothing before; every simulation is later than 1970
  unsigned day_ = 0;                    // that is made next
  std::vector<SimulatedRecord> ahead_;  // made, in the order of time
  std::size_t at_ = 0;
};

}  // namespace winnow::simulate
