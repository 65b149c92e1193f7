#include "simulate/network_traffic.h"

#include <vector>

#include <fmt/format.h>

#include "simulate/detail/everyday_network.h"
#include "simulate/detail/network_intrusion.h"
#include "simulate/detail/wire.h"

namespace winnow::simulate {

RecordStream network_traffic(const Company& company, const NetworkTrafficConfig& config) {
  const auto rng = Rng(config.span.seed).fork("network");
  const auto places = NetworkPlaces::of(company, rng.fork("places"));
  std::vector<NetworkIntrusion> intrusions;  // in the order in which they begin
  for (auto& plan : plan_intrusions(company, config.span))
    intrusions.emplace_back(std::move(plan), places);
  return {config.span.from, config.span.days,
          [&company, config, rng, places, intrusions](const RecordStream::Day& day) {
            Wire wire(places.servers.front().address, rng.fork(fmt::format("day {}", day.number)));
            everyday_network(company, places, day.begins, day.is_work, config.visits_a_day, wire);
            for (const auto& intrusion : intrusions) intrusion.act(places, day.begins, wire);
            return wire.take();
          }};
}

}  // namespace winnow::simulate
