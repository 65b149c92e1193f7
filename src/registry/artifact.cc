#include "registry/artifact.h"

#include <array>

#include <fmt/format.h>

#include "base/json_text.h"

namespace winnow {
namespace {

constexpr std::size_t kShortDigits = 12;
constexpr std::array<std::pair<ArtifactKind, std::string_view>, 12> kKinds = {{
    {ArtifactKind::Mapping, "mapping"},
    {ArtifactKind::FeatureSet, "feature_set"},
    {ArtifactKind::Model, "model"},
    {ArtifactKind::NoveltyModel, "novelty_model"},
    {ArtifactKind::RulePack, "rule_pack"},
    {ArtifactKind::IntelSnapshot, "intel_snapshot"},
    {ArtifactKind::Policy, "policy"},
    {ArtifactKind::DataSet, "data_set"},
    {ArtifactKind::LabelSet, "label_set"},
    {ArtifactKind::GoldenSet, "golden_set"},
    {ArtifactKind::Playbook, "playbook"},
    {ArtifactKind::Evaluation, "evaluation"},
}};

}  // namespace

std::string short_text(const BundleId& id) { return id.text().substr(0, 2 + kShortDigits); }

std::string_view name_of(ArtifactKind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return name;
  }
  violate("every ArtifactKind has a name", std::source_location::current());
}

Result<ArtifactKind> artifact_kind_of(std::string_view name) {
  for (const auto& [kind, known] : kKinds) {
    if (known == name) return kind;
  }
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is not a kind of artifact", name.substr(0, 64)));
}

Json to_json(const ArtifactRef& ref) {
  return Json::object(
      {{"digest", ref.digest.hex()}, {"kind", name_of(ref.kind)}, {"name", ref.name}});
}

Result<ArtifactRef> artifact_ref_of(const Json& json) {
  ArtifactRef ref{};
  WINNOW_TRY(const auto kind, json.need_string("kind"));
  WINNOW_TRY(ref.kind, artifact_kind_of(kind));
  WINNOW_TRY(ref.name, json.need_string("name"));
  WINNOW_TRY(const auto digest, json.need_string("digest"));
  WINNOW_TRY(ref.digest, Digest::from_hex(digest));
  return ref;
}

Json to_json(const Artifact& artifact) {
  auto json = to_json(artifact.ref());
  json.set("created", artifact.created.text());
  json.set("media_type", artifact.media_type);
  json.set("metadata", artifact.metadata);
  json.set("run", json_text(artifact.run));
  json.set("schema_version", artifact.schema_version);
  json.set("size", artifact.size);
  return json;
}

Result<Artifact> artifact_of(const Json& json) {
  WINNOW_TRY(auto ref, artifact_ref_of(json));
  Artifact artifact;
  artifact.kind = ref.kind;
  artifact.name = std::move(ref.name);
  artifact.digest = ref.digest;
  WINNOW_TRY(const auto created, json.need_string("created"));
  WINNOW_TRY(artifact.created, Timestamp::parse(created));
  WINNOW_TRY(artifact.media_type, json.need_string("media_type"));
  WINNOW_TRY(const Json* metadata, json.need_object("metadata"));
  artifact.metadata = *metadata;
  if (!json["run"].is_null()) {
    WINNOW_TRY(const auto run, json.need_string("run"));
    artifact.run = RunId(run);
  }
  WINNOW_TRY(const auto version, json.need_int("schema_version"));
  WINNOW_TRY(const auto size, json.need_int("size"));
  if (version < 0 || version > 1'000'000 || size < 0) {
    return Error(Code::InvalidArgument, "an artifact's size or schema version is out of range");
  }
  artifact.schema_version = static_cast<int>(version);
  artifact.size = static_cast<std::uint64_t>(size);
  return artifact;
}

}  // namespace winnow
