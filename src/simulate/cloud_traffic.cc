#include "simulate/cloud_traffic.h"

#include <vector>

#include <fmt/format.h>

#include "simulate/detail/cloud_intrusion.h"
#include "simulate/detail/everyday_cloud.h"
#include "simulate/detail/trail.h"

namespace winnow::simulate {

using std::chrono::hours;

struct CloudTraffic::State {
  const Company* company;
  CloudTrafficConfig config;
  Rng rng;
  CloudPlaces places;
  std::vector<CloudIntrusion> intrusions;  // in the order in which they begin
  unsigned day = 0;
  std::vector<SimulatedRecord> today;
  std::size_t at = 0;

  State(const Company& of, const CloudTrafficConfig& with)
      : company(&of),
        config(with),
        rng(Rng(with.seed).fork("cloud")),
        places(CloudPlaces::of(of, rng.fork("places"))) {
    for (auto& plan : plan_intrusions(of, {.seed = with.seed,
                                          .from = with.from,
                                          .days = with.days,
                                          .a_week = with.intrusions_a_week}))
      intrusions.emplace_back(std::move(plan), of, places);
  }

  void make_day() {
    const auto begins = config.from + hours(24 * day);
    const auto weekday = civil(begins).weekday;
    Trail trail(rng.fork(fmt::format("day {}", day)));
    everyday_cloud(*company, places, begins, weekday != 0 && weekday != 6, config.sessions_a_day,
                   trail);
    for (const auto& intrusion : intrusions) intrusion.act(places, begins, trail);
    today = trail.take();
    at = 0;
    ++day;
  }
};

CloudTraffic::CloudTraffic(const Company& company, const CloudTrafficConfig& config)
    : state_(std::make_unique<State>(company, config)) {}
CloudTraffic::~CloudTraffic() = default;
CloudTraffic::CloudTraffic(CloudTraffic&&) noexcept = default;
CloudTraffic& CloudTraffic::operator=(CloudTraffic&&) noexcept = default;

// A session that ends behind midnight is told with the day on which it began.
bool CloudTraffic::next(SimulatedRecord& out) {
  while (state_->at == state_->today.size()) {
    if (state_->day == state_->config.days) return false;
    state_->make_day();
  }
  out = std::move(state_->today[state_->at++]);
  return true;
}

}  // namespace winnow::simulate
