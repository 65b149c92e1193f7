#include "simulate/endpoint_traffic.h"

#include <vector>

#include <fmt/format.h>

#include "simulate/detail/agent_log.h"
#include "simulate/detail/endpoint_intrusion.h"
#include "simulate/detail/everyday_endpoint.h"

namespace winnow::simulate {

RecordStream endpoint_traffic(const Company& company, const EndpointTrafficConfig& config) {
  const auto rng = Rng(config.span.seed).fork("endpoint");
  const auto places = EndpointPlaces::of(rng.fork("places"));
  std::vector<EndpointIntrusion> intrusions;  // in the order in which they begin
  for (auto& plan : plan_intrusions(company, config.span)) intrusions.emplace_back(std::move(plan));
  return {config.span.from, config.span.days,
          [&company, config, rng, places, intrusions](const RecordStream::Day& day) {
            AgentLog log(company.domain, rng.fork(fmt::format("day {}", day.number)));
            std::vector<MachineDay> machines;
            for (const auto& host : company.hosts)
              machines.push_back(switched_on(company, host, log));
            everyday_work(company, places, machines, day.begins,
                          day.is_work ? config.programs_a_day : config.programs_a_day * 0.04, log);
            everyday_administration(company, places, machines, day.begins, day.is_work, log);
            for (const auto& intrusion : intrusions) intrusion.act(machines, day.begins, log);
            return log.take();
          }};
}

}  // namespace winnow::simulate
