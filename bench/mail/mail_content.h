// The shipped content/ folder, compiled, without a registry around it.
#pragma once

#include "base/file.h"
#include "base/yaml.h"
#include "features/feature_set.h"
#include "ingest/record_mapping.h"
#include "pipeline/policy.h"

namespace winnow::bench {

struct MailContent {
  RecordMapping mapping;
  FeatureSet features;
  Policy policy;

  // Errors: InvalidArgument, NotFound.
  static Result<MailContent> read(const Path& content) {
    WINNOW_TRY(const auto mapping, Yaml::read((content / "mappings/mail.yaml").string()));
    WINNOW_TRY(auto options, MailOptions::compile(mapping));
    WINNOW_TRY(auto features, FeatureSet::compile(content / "features/mail.yaml"));
    std::vector<std::string> names;
    for (const auto& feature : features.features()) names.push_back(feature.name);
    WINNOW_TRY(const auto policy, Yaml::read((content / "policies/mail.yaml").string()));
    WINNOW_TRY(auto compiled, Policy::compile(policy, names));
    return MailContent{RecordMapping(std::move(options)), std::move(features), std::move(compiled)};
  }
};

// One path a line.
inline Result<std::vector<Path>> read_list(const Path& file) {
  WINNOW_TRY(const auto text, read_file(file, 64UL << 20));
  std::vector<Path> paths;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (end > at) paths.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return paths;
}

}  // namespace winnow::bench
