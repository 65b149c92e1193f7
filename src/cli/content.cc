#include "cli/detail/content.h"

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
