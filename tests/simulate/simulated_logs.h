// Logs of a small simulated company, whole.
#pragma once

#include <cstdint>
#include <vector>

#include "simulate/company.h"
#include "simulate/record_stream.h"

namespace winnow::simulate {

std::vector<SimulatedRecord> all_of(RecordStream stream);

Company small_company(std::uint64_t seed);
// Of small_company(seed).
std::vector<SimulatedRecord> network_log(std::uint64_t seed, unsigned days);
std::vector<SimulatedRecord> endpoint_log(std::uint64_t seed, unsigned days);
std::vector<SimulatedRecord> cloud_log(std::uint64_t seed, unsigned days);

}  // namespace winnow::simulate
