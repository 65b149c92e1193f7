#include "server/mapping_drift.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace winnow::server {
namespace {

using State = MappingDrift::State;

std::vector<MappingDrift> drift_in(const DomainMapping& champion, std::span<const Mapping> today,
                                   const KeptCounts& kept) {
  const auto domain = champion.domain();
  std::map<std::string, MappingDrift, std::less<>> drifts;
  for (const auto& [mapping, waiting] : kept) {
    const auto state = champion.reads(mapping) ? State::Same : State::Missing;
    const auto name = mapping.empty() ? std::string("mail") : mapping;
    drifts.emplace(name, MappingDrift{domain, name, state, waiting});
  }
  for (const auto& mapping : today) {
    if (mapping.domain() != domain) continue;
    const auto its = std::ranges::find(champion.logs(), mapping.name(), &Mapping::name);
    const bool is_there = its != champion.logs().end();
    if (is_there && its->digest() == mapping.digest()) continue;
    auto& drift =
        drifts.try_emplace(mapping.name(), MappingDrift{domain, mapping.name()}).first->second;
    drift.state = is_there ? State::Differs : State::Missing;
  }
  std::vector<MappingDrift> all;
  for (auto& [name, drift] : drifts) all.push_back(std::move(drift));
  return all;
}

// Where the workspace lies is nobody's business who asks over HTTP.
std::string without_folder(const RefusedMapping& refused) {
  const auto folder = refused.file.parent_path().string() + "/";
  auto text = refused.why;
  if (const auto at = text.find(folder); at != std::string::npos) text.erase(at, folder.size());
  return text;
}

}  // namespace

std::string_view name_of(State state) {
  switch (state) {
    case State::Missing:
      return "missing";
    case State::Differs:
      return "differs";
    case State::Same:
      break;
  }
  return "same";
}

std::string advice_on(const MappingDrift& drift) {
  if (drift.state == State::Same)
    return "nothing: what waits is being decided; what stays could not be read by this mapping";
  return fmt::format("winnow bundles build --domain {}, then winnow deployments promote latest",
                     name_of(drift.domain));
}

std::vector<MappingDrift> drift_of(const Champions& champions, std::span<const Mapping> today,
                                   const KeptByDomain& kept) {
  std::vector<MappingDrift> all;
  for (const auto domain : kDomains) {
    const auto& champion = champions[place_of(domain)];
    if (!champion) continue;
    auto drifts = drift_in(champion->bundle->mapping, today, kept[place_of(domain)]);
    std::ranges::move(drifts, std::back_inserter(all));
  }
  return all;
}

Json drift_json(std::span<const MappingDrift> drifts) {
  Json all = Json::array();
  for (const auto& drift : drifts) {
    all.push(Json::object({{"domain", name_of(drift.domain)},
                           {"mapping", drift.mapping},
                           {"state", name_of(drift.state)},
                           {"waiting", drift.waiting},
                           {"advice", advice_on(drift)}}));
  }
  return all;
}

Json refused_json(std::span<const RefusedMapping> refused) {
  Json all = Json::array();
  for (const auto& one : refused) {
    all.push(Json::object({{"mapping", one.name},
                           {"file", one.file.filename().string()},
                           {"held", one.is_held},
                           {"reason", without_folder(one)}}));
  }
  return all;
}

}  // namespace winnow::server
