#include "cli/detail/content.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/detail/session.h"
#include "pipeline/policy.h"

namespace winnow::cli {

Path events_folder(const Workspace& workspace) { return workspace.data() / "events"; }
Path quarantine_file(const Workspace& workspace) { return workspace.data() / "quarantine.db"; }
Path sessions_file(const Workspace& workspace) { return workspace.data() / "sessions.db"; }
Path states_folder(const Workspace& workspace) { return workspace.data() / "states"; }

Result<ReadLimits> read_limits(const Arguments& arguments, const Path& workspace) {
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace));
  ReadLimits limits;
  limits.max_record_bytes = settings.number("ingest.max_record");
  limits.max_csv_record_bytes = settings.number("ingest.max_csv_record");
  return limits;
}

Result<MappingContent> read_mapping(const Workspace& workspace) {
  WINNOW_TRY(const auto yaml,
             Yaml::read((workspace.content() / "mappings" / "mail.yaml").string()));
  WINNOW_TRY(auto options, MailOptions::compile(yaml));
  WINNOW_TRY(auto canonical, to_canonical(yaml.json()));
  return MappingContent{RecordMapping(std::move(options)), std::move(canonical)};
}

Result<std::vector<Mapping>> read_log_mappings(const Workspace& workspace) {
  WINNOW_TRY(const auto files, list_files(workspace.content() / "mappings"));
  std::vector<Mapping> mappings;
  for (const auto& file : files) {
    if (file.extension() != ".yaml" || file.filename() == "mail.yaml") continue;
    WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
    WINNOW_TRY(auto mapping, Mapping::compile(yaml));
    if (std::ranges::find(mappings, mapping.name(), &Mapping::name) != mappings.end()) {
      return Error(Code::AlreadyExists,
                   fmt::format("'{}' is a second mapping '{}'", file.string(), mapping.name()));
    }
    mappings.push_back(std::move(mapping));
  }
  std::ranges::sort(mappings, {}, &Mapping::name);
  return mappings;
}

Result<std::vector<Mapping>> chosen_log_mappings(const Workspace& workspace,
                                                 const std::string& name) {
  WINNOW_TRY(auto mappings, read_log_mappings(workspace));
  if (name.empty()) return mappings;
  std::vector<std::string> names;
  for (auto& mapping : mappings) {
    names.push_back(mapping.name());
    if (mapping.name() == name) return std::vector{std::move(mapping)};
  }
  const auto near = nearest(name, names);
  return Error(Code::NotFound, fmt::format("there is no mapping '{}'", name))
      .with_hint(near.empty() ? "winnow mappings list shows them"
                              : fmt::format("did you mean '{}'?", near));
}

Result<std::string> read_policy(const Workspace& workspace, const FeatureSet& features) {
  WINNOW_TRY(const auto yaml,
             Yaml::read((workspace.content() / "policies" / "mail.yaml").string()));
  std::vector<std::string> names;
  for (const auto& feature : features.features()) names.push_back(feature.name);
  WINNOW_TRY(Policy::compile(yaml, names));
  return to_canonical(yaml.json());
}

Result<FeatureSet> read_feature_set(const Workspace& workspace) {
  return FeatureSet::compile(workspace.content() / "features" / "mail.yaml");
}

}  // namespace winnow::cli
