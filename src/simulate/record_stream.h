// A simulated log, record by record. Memory is that of a day's records.
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
  // A day's records in their order. What ends behind midnight is told with the day on which it
  // began.
  using Make = std::function<std::vector<SimulatedRecord>(const Day& day)>;

  RecordStream(Timestamp from, unsigned days, Make make);

  // The next record; false at the end of the span.
  bool next(SimulatedRecord& out);

 private:
  Timestamp from_;
  unsigned days_;
  Make make_;
  unsigned day_ = 0;  // that is made next
  std::vector<SimulatedRecord> today_;
  std::size_t at_ = 0;
};

}  // namespace winnow::simulate
