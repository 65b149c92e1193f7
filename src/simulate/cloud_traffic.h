// What the control plane of a simulated company's cloud records, day by day in the order of time:
// people, programs and auditors at work, and intrusions with stolen credentials amid what looks
// like them. Events of AWS CloudTrail (docs/mappings.md). The same company and configuration give
// the same bytes on every machine, and the same intrusions as on the network (intrusion_plan.h).
#pragma once

#include "simulate/company.h"
#include "simulate/intrusion_plan.h"
#include "simulate/record_stream.h"

namespace winnow::simulate {

struct CloudTrafficConfig {
  TrafficSpan span = {};
  double sessions_a_day = 2;  // of a person on a working day, about; each is some tens of calls
};

// One JSON object each. The company outlives the stream.
RecordStream cloud_traffic(const Company& company, const CloudTrafficConfig& config);

}  // namespace winnow::simulate
