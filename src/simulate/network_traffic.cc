#include "simulate/network_traffic.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "simulate/detail/everyday_network.h"
#include "simulate/detail/network_intrusion.h"
#include "simulate/detail/wire.h"

namespace winnow::simulate {

using std::chrono::hours;

struct NetworkTraffic::State {
  const Company* company;
  NetworkTrafficConfig config;
  Rng rng;
  NetworkPlaces places;
  std::vector<NetworkIntrusion> intrusions;  // in the order in which they begin
  unsigned day = 0;
  std::vector<SimulatedRecord> today;
  std::size_t at = 0;

  State(const Company& of, const NetworkTrafficConfig& with)
      : company(&of),
        config(with),
        rng(Rng(with.seed).fork("network")),
        places(NetworkPlaces::of(of, rng.fork("places"))) {
    for (auto& plan : plan_intrusions(of, {.seed = with.seed,
                                          .from = with.from,
                                          .days = with.days,
                                          .a_week = with.intrusions_a_week}))
      intrusions.emplace_back(std::move(plan), places);
  }

  void make_day() {
    const auto begins = config.from + hours(24 * day);
    const auto weekday = civil(begins).weekday;
    Wire wire(places.servers.front().address, rng.fork(fmt::format("day {}", day)));
    everyday_network(*company, places, begins, weekday != 0 && weekday != 6, config.visits_a_day,
                     wire);
    for (const auto& intrusion : intrusions) intrusion.act(places, begins, wire);
    today = wire.take();
    at = 0;
    ++day;
  }
};

NetworkTraffic::NetworkTraffic(const Company& company, const NetworkTrafficConfig& config)
    : state_(std::make_unique<State>(company, config)) {}
NetworkTraffic::~NetworkTraffic() = default;
NetworkTraffic::NetworkTraffic(NetworkTraffic&&) noexcept = default;
NetworkTraffic& NetworkTraffic::operator=(NetworkTraffic&&) noexcept = default;

// A connection that ends behind midnight is told with the day on which it began.
bool NetworkTraffic::next(SimulatedRecord& out) {
  while (state_->at == state_->today.size()) {
    if (state_->day == state_->config.days) return false;
    state_->make_day();
  }
  out = std::move(state_->today[state_->at++]);
  return true;
}

}  // namespace winnow::simulate
