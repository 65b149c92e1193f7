// What the machines of a simulated company log, day by day in the order of time: everyday work and
// administration, and intrusions amid what looks like them. Sysmon, Security, PowerShell and System
// events as NXLog ships them (docs/mappings.md). The same company and configuration give the same
// bytes on every machine, and the same intrusions as on the network (intrusion_plan.h).
#pragma once

#include <cstdint>
#include <memory>

#include "base/timestamp.h"
#include "simulate/company.h"
#include "simulate/simulated_record.h"

namespace winnow::simulate {

struct EndpointTrafficConfig {
  std::uint64_t seed = 1;
  Timestamp from = Timestamp::from_civil(2026, 1, 5);
  unsigned days = 30;
  double programs_a_day = 10;  // that a person starts on a working day, about; each is a few events
  double intrusions_a_week = 3;
};

// A stream of records, one JSON object each; memory is that of a day's. Not thread-safe. The
// company outlives it.
class EndpointTraffic {
 public:
  EndpointTraffic(const Company& company, const EndpointTrafficConfig& config);
  ~EndpointTraffic();
  EndpointTraffic(EndpointTraffic&&) noexcept;
  EndpointTraffic& operator=(EndpointTraffic&&) noexcept;

  // The next record; false at the end of the span.
  bool next(SimulatedRecord& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow::simulate
