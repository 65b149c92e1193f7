#include "tests/server/log_service.h"

#include <thread>

#include <fmt/format.h>

#include "rollout/deployments.h"

namespace winnow::testing {
namespace {

Path content(std::string_view file) { return source_folder() / "content" / file; }

Bundle network_bundle(Registry& registry) {
  const auto add = [&](ArtifactKind kind, std::string_view name, std::string_view bytes) {
    return registry.add({kind, std::string(name), bytes, "application/json"}, "ada").value().ref();
  };
  const auto mapping =
      Mapping::compile(Yaml::read(content("mappings/suricata.yaml").string()).value()).value();
  const auto features = FeatureSet::compile(content("features/network.yaml")).value();
  const auto policy = Yaml::read(content("policies/network.yaml").string()).value();
  return {"network",
          {add(ArtifactKind::Mapping, "suricata", mapping.canonical()),
           add(ArtifactKind::FeatureSet, "network", features.canonical()),
           add(ArtifactKind::Policy, "network", to_canonical(policy.json()).value())}};
}

}  // namespace

void wait_until(const std::function<bool()>& done) {
  for (int i = 0; i < 2'000 && !done(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

LogService::LogService(const std::vector<std::string>& mappings, Champion mail)
    : RunningService({}, mail) {
  restart([&](server::ServiceOptions&, FixedClock&) {
    for (const auto& name : mappings)
      std::filesystem::copy_file(content("mappings") / name, this->mappings() / name);
  });
}

void LogService::promote_network() {
  restart([this](server::ServiceOptions&, FixedClock&) {
    const auto id = registry().add(network_bundle(registry()), "ada").value();
    auto deployments =
        Deployments::open(registry(), folder() / "soc/data/winnow.db", Access::ReadWrite).value();
    EXPECT_OK(deployments.promote(id.text(), "ada", "first"));
  });
  wait_until([this] { return ask("GET", "/readyz", "").body == "ready\n"; });
}

Json LogService::read(std::string_view target, server::Role role, int status) const {
  const auto answer = ask("GET", target, token(role));
  EXPECT_EQ(answer.status, status) << target << ": " << answer.body;
  return parse_json(answer.body).value();
}

void LogService::post(std::string_view source, std::string_view lines) const {
  const auto answer = ask("POST", fmt::format("/v1/events/{}", source), token(server::Role::Sensor),
                          "Content-Type: application/x-ndjson\r\n", lines);
  EXPECT_EQ(answer.status, 202) << answer.body;
}

void LogService::wait_for_empty_spool() const {
  const auto waiting = [this] {
    return read("/v1/status", server::Role::Analyst)["spool"]["records"].as_int();
  };
  wait_until([&] { return waiting() == 0; });
  EXPECT_EQ(waiting(), 0) << "the records stay in the spool";
}

}  // namespace winnow::testing
