#include "simulate/endpoint_traffic.h"

#include <vector>

#include <fmt/format.h>

#include "simulate/detail/agent_log.h"
#include "simulate/detail/endpoint_intrusion.h"
#include "simulate/detail/everyday_endpoint.h"
#include "simulate/intrusion_plan.h"

namespace winnow::simulate {

using std::chrono::hours;

struct EndpointTraffic::State {
  const Company* company;
  EndpointTrafficConfig config;
  Rng rng;
  EndpointPlaces places;
  std::vector<EndpointIntrusion> intrusions;  // in the order in which they begin
  unsigned day = 0;
  std::vector<SimulatedRecord> today;
  std::size_t at = 0;

  State(const Company& of, const EndpointTrafficConfig& with)
      : company(&of),
        config(with),
        rng(Rng(with.seed).fork("endpoint")),
        places(EndpointPlaces::of(rng.fork("places"))) {
    for (auto& plan : plan_intrusions(of, {.seed = with.seed,
                                          .from = with.from,
                                          .days = with.days,
                                          .a_week = with.intrusions_a_week}))
      intrusions.emplace_back(std::move(plan));
  }

  void make_day() {
    const auto begins = config.from + hours(24 * day);
    const auto weekday = civil(begins).weekday;
    const bool works = weekday != 0 && weekday != 6;
    AgentLog log(company->domain, rng.fork(fmt::format("day {}", day)));
    std::vector<MachineDay> machines;
    for (const auto& host : company->hosts) machines.push_back(switched_on(*company, host, log));
    everyday_work(*company, places, machines, begins,
                  works ? config.programs_a_day : config.programs_a_day * 0.04, log);
    everyday_administration(*company, places, machines, begins, works, log);
    for (const auto& intrusion : intrusions) intrusion.act(machines, begins, log);
    today = log.take();
    at = 0;
    ++day;
  }
};

EndpointTraffic::EndpointTraffic(const Company& company, const EndpointTrafficConfig& config)
    : state_(std::make_unique<State>(company, config)) {}
EndpointTraffic::~EndpointTraffic() = default;
EndpointTraffic::EndpointTraffic(EndpointTraffic&&) noexcept = default;
EndpointTraffic& EndpointTraffic::operator=(EndpointTraffic&&) noexcept = default;

bool EndpointTraffic::next(SimulatedRecord& out) {
  while (state_->at == state_->today.size()) {
    if (state_->day == state_->config.days) return false;
    state_->make_day();
  }
  out = std::move(state_->today[state_->at++]);
  return true;
}

}  // namespace winnow::simulate
