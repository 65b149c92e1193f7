// Honest connections of a company, those included that look like an intrusion.
#pragma once

#include <vector>

#include "simulate/company.h"
#include "simulate/detail/wire.h"

namespace winnow::simulate {

// What stays the same from day to day.
struct NetworkPlaces {
  std::vector<Site> sites;      // of the web, the most popular first
  std::vector<double> weights;  // of each
  std::vector<Host> machines, servers;
  std::string scanner, monitor, backup_source, public_address;  // addresses
  Site vendor, backup;                                          // that machines call regularly

  static NetworkPlaces of(const Company& company, Rng rng);
  const Site& pick(Rng& rng) const { return sites[rng.weighted(weights)]; }
};

// The client programs of the company, by what they say of themselves.
struct Program {
  std::string_view print, agent;
};
const Program& everyday_program(Rng& rng);

// One day's honest traffic. `visits` is how many a person makes on a working day.
void everyday_network(const Company& company, const NetworkPlaces& places, Timestamp day,
                      bool works, double visits, Wire& wire);

}  // namespace winnow::simulate
