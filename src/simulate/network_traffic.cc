#include "simulate/network_traffic.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "simulate/detail/everyday_network.h"
#include "simulate/detail/intrusion.h"
#include "simulate/detail/wire.h"

namespace winnow::simulate {

using std::chrono::hours;
using std::chrono::seconds;

struct NetworkTraffic::State {
  const Company* company;
  NetworkTrafficConfig config;
  Rng rng;
  NetworkPlaces places;
  std::vector<Intrusion> intrusions;  // in the order in which they begin
  unsigned day = 0;
  std::vector<SimulatedRecord> today;
  std::size_t at = 0;

  State(const Company& of, const NetworkTrafficConfig& with)
      : company(&of),
        config(with),
        rng(Rng(with.seed).fork("network")),
        places(NetworkPlaces::of(of, rng.fork("places"))) {
    auto draw = rng.fork("intrusions");
    const double mean_days = 7 / config.intrusions_a_week;
    double begins = draw.exponential(mean_days);
    for (; begins < config.days; begins += draw.exponential(mean_days)) {
      const auto number = intrusions.size() + 1;
      const auto name = fmt::format("intrusion-{}", number);
      const auto at_s = static_cast<std::int64_t>(begins * 86'400);
      intrusions.emplace_back(name, places, config.from + seconds(at_s), rng.fork(name));
    }
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
