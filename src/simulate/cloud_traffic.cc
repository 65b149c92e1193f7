#include "simulate/cloud_traffic.h"

#include <vector>

#include <fmt/format.h>

#include "simulate/detail/cloud_intrusion.h"
#include "simulate/detail/everyday_cloud.h"
#include "simulate/detail/trail.h"

namespace winnow::simulate {

RecordStream cloud_traffic(const Company& company, const CloudTrafficConfig& config) {
  const auto rng = Rng(config.span.seed).fork("cloud");
  const auto places = CloudPlaces::of(company, rng.fork("places"));
  std::vector<CloudIntrusion> intrusions;  // in the order in which they begin
  for (auto& plan : plan_intrusions(company, config.span))
    intrusions.emplace_back(std::move(plan), company, places);
  return {config.span.from, config.span.days,
          [&company, config, rng, places, intrusions](const RecordStream::Day& day) {
            Trail trail(rng.fork(fmt::format("day {}", day.number)));
            everyday_cloud(company, places, day.begins, day.is_work, config.sessions_a_day, trail);
            for (const auto& intrusion : intrusions) intrusion.act(places, day.begins, trail);
            return trail.take();
          }};
}

}  // namespace winnow::simulate
