// What a network IDS writes of a simulated company, day by day in the order of time: everyday
// connections, and intrusions amid what looks like them. Lines of Suricata's eve.json
// (docs/mappings.md). The same company and configuration give the same bytes on every machine.
#pragma once

#include <cstdint>
#include <memory>

#include "base/timestamp.h"
#include "simulate/company.h"
#include "simulate/simulated_record.h"

namespace winnow::simulate {

struct NetworkTrafficConfig {
  std::uint64_t seed = 1;
  Timestamp from = Timestamp::from_civil(2026, 1, 5);
  unsigned days = 30;
  double visits_a_day = 12;  // of a person on a working day, about; each is a few records
  double intrusions_a_week = 3;
};

// A stream of lines of eve.json; memory is that of a day's. Not thread-safe. The company outlives
// it.
class NetworkTraffic {
 public:
  NetworkTraffic(const Company& company, const NetworkTrafficConfig& config);
  ~NetworkTraffic();
  NetworkTraffic(NetworkTraffic&&) noexcept;
  NetworkTraffic& operator=(NetworkTraffic&&) noexcept;

  // The next record; false at the end of the span.
  bool next(SimulatedRecord& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow::simulate
