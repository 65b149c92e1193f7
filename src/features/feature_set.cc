#include "features/feature_set.h"

#include <utility>

#include <fmt/format.h>

#include "features/detail/attribute_paths.h"
#include "features/detail/compiled.h"
#include "features/detail/members.h"
#include "features/feature_reading.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxIncludes = 16;

Status check_header(const Yaml& root, bool is_artifact) {
  WINNOW_TRY(features::need(root, {"schema", "name"}));
  WINNOW_TRY(const std::string schema, root["schema"].as_text());
  if (schema != "winnow.feature_set/1") {
    return root["schema"].error(
        fmt::format("expected schema 'winnow.feature_set/1', found '{}'", schema));
  }
  if (is_artifact) {
    WINNOW_TRY(features::need(root, {"engine"}));
    WINNOW_TRY(const std::int64_t engine, root["engine"].as_int());
    if (engine != FeatureSetReader::kEngine) {
      return Error(Code::Unsupported, fmt::format("a feature set for engine {}, this is engine {}",
                                                  engine, FeatureSetReader::kEngine))
          .with_hint("use the Winnow that made it, or compile its source again");
    }
  }
  return root.only({"schema", "name", is_artifact ? "engine" : "include", "attributes", "define",
                    "lexicons", "lists", "brands", "history", "text", "wording", "groups",
                    "features"});
}

// An included file stands beside the including one: content cannot reach into the rest of the
// machine.
Result<Path> included_path(const Path& file, const Yaml& node) {
  WINNOW_TRY(const std::string name, node.as_text());
  const Path path(name);
  if (name.empty() || path.is_absolute() || path.has_parent_path() || name == "..") {
    return node.error(fmt::format("'{}': an included file is named without a folder", name));
  }
  return file.parent_path() / path;
}

}  // namespace

Result<FeatureSet> FeatureSet::compile(const Path& file) {
  std::vector<Yaml> files;
  WINNOW_TRY(Yaml root, Yaml::read(file.string()));
  WINNOW_TRY(check_header(root, false));
  const auto includes = root["include"].items();
  if (includes.size() > kMaxIncludes)
    return root["include"].error(fmt::format("at most {} files", kMaxIncludes));
  files.push_back(std::move(root));
  for (const auto& node : includes) {
    WINNOW_TRY(const Path path, included_path(file, node));
    auto included = Yaml::read(path.string());
    if (!included)
      return std::move(included).error().with_context(node.error("included here").message());
    WINNOW_TRY(included->only({"lexicons", "lists", "brands"}));
    files.push_back(std::move(*included));
  }
  // Once for errors that name a line; then from the artifact, so that what was compiled is what was
  // kept.
  WINNOW_TRY(FeatureSetReader::read(files, {}));
  WINNOW_TRY(features::check_attribute_paths(files.front()["attributes"]));
  WINNOW_TRY(const std::string canonical, FeatureSetReader::canonical_of(files));
  return from_canonical(canonical);
}

// JSON is YAML too: one reader for both keeps them from drifting apart.
Result<FeatureSet> FeatureSet::from_canonical(std::string_view bytes) {
  const auto corrupt = [](const Error& error) {
    return error.code() == Code::Unsupported
               ? error
               : Error(Code::Corrupt, "reading a feature set: " + error.text());
  };
  auto json = parse_json(bytes);
  if (!json) return corrupt(json.error());
  auto canonical = to_canonical(*json);
  if (!canonical) return corrupt(canonical.error());
  if (*canonical != bytes)
    return Error(Code::Corrupt, "a feature set that is not in its canonical form");
  auto root = Yaml::parse(bytes, "feature set");
  if (!root) return corrupt(root.error());
  if (auto status = check_header(*root, true); !status) return corrupt(status.error());
  auto set = FeatureSetReader::read({&*root, 1}, std::string(bytes));
  if (!set) return corrupt(set.error());
  return set;
}

const std::string& FeatureSet::name() const { return compiled_->name; }
const std::string& FeatureSet::canonical() const { return compiled_->canonical; }
const Digest& FeatureSet::digest() const { return compiled_->digest; }
const Digest& FeatureSet::history_digest() const { return compiled_->history_digest; }
std::span<const FeatureDefinition> FeatureSet::features() const { return compiled_->features; }
std::span<const FeatureGroup> FeatureSet::groups() const { return compiled_->groups; }
std::uint32_t FeatureSet::term_buckets() const { return compiled_->term_buckets; }
const TextWording& FeatureSet::wording() const { return compiled_->wording; }

std::optional<std::size_t> FeatureSet::index_of(std::string_view feature) const {
  const auto found = compiled_->columns.find(feature);
  if (found == compiled_->columns.end()) return {};
  return found->second;
}

Result<StateSlice> FeatureSet::slice(const ocsf::Event& event, const EntityStates& states) const {
  const NoIntelligence nothing;
  FeatureReading reading(*this);
  reading.turn_to(event, nothing);
  WINNOW_TRY(reading.look_up(states));
  return reading.slice();
}

FeatureVector FeatureSet::read(const ocsf::Event& event, const StateSlice& before,
                               const Intelligence& intelligence) const {
  return FeatureReading(*this, event, before, intelligence).take_vector();
}

Result<FeatureVector> FeatureSet::read(const ocsf::Event& event, const EntityStates& states,
                                       const Intelligence& intelligence) const {
  FeatureReading reading(*this);
  reading.turn_to(event, intelligence);
  WINNOW_TRY(reading.look_up(states));
  reading.read();
  return std::move(reading).take_vector();
}

Result<Observed> FeatureSet::observe(const ocsf::Event& event, Timestamp known_at,
                                     EntityStates& states) const {
  const NoIntelligence nothing;
  FeatureReading reading(*this);
  reading.turn_to(event, nothing);
  return reading.observe(known_at, states);
}

Status FeatureSet::observe_verdict(const ocsf::Event& event, std::string_view verdict,
                                   Timestamp known_at, EntityStates& states) const {
  const NoIntelligence nothing;
  FeatureReading reading(*this);
  reading.turn_to(event, nothing);
  return reading.observe_verdict(verdict, known_at, states);
}

}  // namespace winnow
