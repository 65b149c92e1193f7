// What a network IDS writes of a simulated company, day by day in the order of time: everyday
// connections, and intrusions amid what looks like them. Lines of Suricata's eve.json
// (docs/mappings.md). The same company and configuration give the same bytes on every machine.
#pragma once

#include "simulate/company.h"
#include "simulate/intrusion_plan.h"
#include "simulate/record_stream.h"

namespace winnow::simulate {

struct NetworkTrafficConfig {
  TrafficSpan span = {};
  double visits_a_day = 12;  // of a person on a working day, about; each is a few records
};

// Lines of eve.json. The company outlives the stream.
RecordStream network_traffic(const Company& company, const NetworkTrafficConfig& config);

}  // namespace winnow::simulate
