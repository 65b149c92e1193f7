#include "tests/server/log_service.h"

#include <fmt/format.h>

#include "rollout/deployments.h"

namespace winnow::testing {
namespace {

Path content(std::string_view file) { return source_folder() / "content" / file; }

Bundle bundle_of(Domain domain, const std::vector<std::string>& mappings, Registry& registry) {
  const std::string name(name_of(domain));
  const auto add = [&](ArtifactKind kind, const std::string& as, std::string_view bytes) {
    return registry.add({kind, as, bytes, "application/json"}, "ada").value().ref();
  };
  Bundle bundle{name, {}};
  for (const auto& file : mappings) {
    const auto yaml = Yaml::read((content("mappings") / file).string()).value();
    const auto mapping = Mapping::compile(yaml).value();
    bundle.artifacts.push_back(add(ArtifactKind::Mapping, mapping.name(), mapping.canonical()));
  }
  const auto features = FeatureSet::compile(content("features/" + name + ".yaml")).value();
  bundle.artifacts.push_back(add(ArtifactKind::FeatureSet, name, features.canonical()));
  const auto policy = Yaml::read(content("policies/" + name + ".yaml").string()).value();
  bundle.artifacts.push_back(add(ArtifactKind::Policy, name, to_canonical(policy.json()).value()));
  return bundle;
}

}  // namespace

LogService::LogService(const std::vector<std::string>& mappings, Champion mail)
    : RunningService({}, mail) {
  restart([&](server::ServiceOptions&, FixedClock&) {
    for (const auto& name : mappings)
      std::filesystem::copy_file(content("mappings") / name, this->mappings() / name);
  });
}

void LogService::promote(const Content& content) {
  restart([&](server::ServiceOptions&, FixedClock&) {
    auto deployments =
        Deployments::open(registry(), folder() / "soc/data/winnow.db", Access::ReadWrite).value();
    for (const auto& [domain, mappings] : content) {
      const auto id = registry().add(bundle_of(domain, mappings, registry()), "ada").value();
      EXPECT_OK(deployments.promote(id.text(), "ada", "first"));
    }
  });
  wait_for(content);
}

void LogService::wait_for(const Content& content) const {
  wait_until([&] {
    std::size_t decided = 0;
    const auto status = read("/v1/status", server::Role::Analyst);
    for (const auto& one : status["domains"].items()) {
      const auto domain = domain_named(one["domain"].as_string());
      decided += !one["champion"].is_null() && content.contains(domain.value()) ? 1 : 0;
    }
    return decided == content.size() && ask("GET", "/readyz", "").body == "ready\n";
  });
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

}  // namespace winnow::testing
