// What shapes decisions and what is made on the way: immutable, content-addressed, catalogued.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/digest.h"
#include "base/id.h"
#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace winnow {

using RunId = Id<struct RunTag>;        // "r-" and 16 hexadecimal digits
using BundleId = Id<struct BundleTag>;  // "b-" and the 64 hexadecimal digits of the bundle's digest
std::string short_text(const BundleId& id);  // "b-" and 12 digits, for people

enum class ArtifactKind {
  Mapping,
  FeatureSet,
  Model,
  RulePack,
  IntelSnapshot,
  Policy,
  DataSet,
  LabelSet,
  GoldenSet,
  Playbook,
  NoveltyModel,  // tells how unlike the ordinary an event is
  Evaluation,    // a report of how a model did on a data set
};
std::string_view name_of(ArtifactKind kind);                   // "feature_set", ...
Result<ArtifactKind> artifact_kind_of(std::string_view name);  // Errors: InvalidArgument

// One artifact where another names it: the input of a run, a member of a bundle.
struct ArtifactRef {
  ArtifactKind kind;
  std::string name;  // "mail"; unique within its kind in one bundle
  Digest digest;
  auto operator<=>(const ArtifactRef&) const = default;
};
Json to_json(const ArtifactRef& ref);                   // {digest, kind, name}
Result<ArtifactRef> artifact_ref_of(const Json& json);  // Errors: InvalidArgument

struct Artifact {
  ArtifactKind kind = ArtifactKind::DataSet;
  std::string name;
  Digest digest;           // of its bytes in the object store
  std::uint64_t size = 0;  // bytes
  std::string media_type;  // "application/json", "application/vnd.winnow.data-set"
  int schema_version = 1;  // of the format its media type names
  Timestamp created;
  std::optional<RunId> run;        // which made it; empty when a person brought it
  Json metadata = Json::object();  // an object; what listings show: rows, period, metrics, source

  ArtifactRef ref() const { return {kind, name, digest}; }
};
Json to_json(const Artifact& artifact);
Result<Artifact> artifact_of(const Json& json);  // Errors: InvalidArgument

}  // namespace winnow
