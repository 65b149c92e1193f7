// A feature set as it is evaluated.
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/digest.h"
#include "base/yaml.h"
#include "features/detail/grams.h"
#include "features/detail/program.h"
#include "features/detail/telling.h"
#include "features/detail/vocabulary.h"
#include "features/feature_set.h"

namespace winnow {

struct FeatureSet::Compiled {
  std::string name;
  std::string canonical;
  Digest digest;
  Digest history_digest;
  std::vector<FeatureDefinition> features;
  std::unordered_map<std::string, std::size_t, features::TextHash, std::equal_to<>> columns;
  std::vector<FeatureGroup> groups;
  std::vector<features::TextBlock> blocks;
  std::uint32_t term_buckets = 0;
  TextWording wording;
  features::Program program;

  std::vector<features::NodeId> values;     // one for each feature
  std::vector<features::Telling> tellings;  // likewise
  std::vector<features::NodeId> read_plan, key_plan, observe_plan;
  std::vector<features::NodeId> settle_plan;  // what tellings say of the states
};

// Reads the files of a feature set, or the one that is its artifact.
class FeatureSetReader {
 public:
  static constexpr std::int64_t kEngine = 2;  // grows when a primitive changes its meaning

  // The first file is the set, the others are included by it. Errors: InvalidArgument ("FILE:LINE:
  // ...").
  static Result<FeatureSet> read(std::span<const Yaml> files, std::string canonical);
  // The artifact of files. Errors: InvalidArgument.
  static Result<std::string> canonical_of(std::span<const Yaml> files);

 private:
  explicit FeatureSetReader(const Yaml& root, features::Vocabulary vocabulary)
      : root_(root), builder_(std::move(vocabulary)) {}
  Status read_groups();
  Status read_text();
  Status read_wording();
  Result<features::TextBlock> read_block(const Yaml& node);
  Status read_features();
  Status read_feature(const Yaml& node);
  Result<features::NodeId> read_value(const Yaml& node, FeatureDefinition& feature);
  Status read_phrases(const Yaml& node, const FeatureDefinition& feature);
  void make_plans();

  const Yaml& root_;
  features::ProgramBuilder builder_;
  std::shared_ptr<FeatureSet::Compiled> out_ = std::make_shared<FeatureSet::Compiled>();
  std::vector<std::pair<std::string, const Yaml*>> group_nodes_;
};

}  // namespace winnow
