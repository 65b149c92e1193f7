// What the machines of a simulated company log, day by day in the order of time: everyday work and
// administration, and intrusions amid what looks like them. Sysmon, Security, PowerShell and System
// events as NXLog ships them (docs/mappings.md). The same company and configuration give the same
// bytes on every machine, and the same intrusions as on the network (intrusion_plan.h).
#pragma once

#include "simulate/company.h"
#include "simulate/intrusion_plan.h"
#include "simulate/record_stream.h"

namespace winnow::simulate {

struct EndpointTrafficConfig {
  TrafficSpan span = {};
  double programs_a_day = 10;  // that a person starts on a working day, about; each is a few events
};

// One JSON object each. The company outlives the stream.
RecordStream endpoint_traffic(const Company& company, const EndpointTrafficConfig& config);

}  // namespace winnow::simulate
