#include "tests/simulate/simulated_logs.h"

#include "simulate/cloud_traffic.h"
#include "simulate/endpoint_traffic.h"
#include "simulate/network_traffic.h"

namespace winnow::simulate {

std::vector<SimulatedRecord> all_of(RecordStream stream) {
  std::vector<SimulatedRecord> all;
  for (SimulatedRecord next; stream.next(next);) all.push_back(std::move(next));
  return all;
}

Company small_company(std::uint64_t seed) { return Company::build({.seed = seed, .people = 15}); }

std::vector<SimulatedRecord> network_log(std::uint64_t seed, unsigned days) {
  const auto company = small_company(seed);
  return all_of(
      network_traffic(company, {.span = {.seed = seed, .days = days}, .visits_a_day = 4}));
}
std::vector<SimulatedRecord> endpoint_log(std::uint64_t seed, unsigned days) {
  const auto company = small_company(seed);
  return all_of(
      endpoint_traffic(company, {.span = {.seed = seed, .days = days}, .programs_a_day = 6}));
}
std::vector<SimulatedRecord> cloud_log(std::uint64_t seed, unsigned days) {
  const auto company = small_company(seed);
  return all_of(cloud_traffic(company, {.span = {.seed = seed, .days = days}}));
}

}  // namespace winnow::simulate
