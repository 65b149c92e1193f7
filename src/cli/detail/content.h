// A workspace's content/ and its intake, as commands use them.
#pragma once

#include "base/file.h"
#include "base/result.h"
#include "cli/command.h"
#include "features/feature_set.h"
#include "ingest/mapping/mapping.h"
#include "ingest/record_mapping.h"
#include "ingest/records/record_source.h"
#include "registry/workspace.h"

namespace winnow::cli {

Path events_folder(const Workspace& workspace);    // data/events
Path quarantine_file(const Workspace& workspace);  // data/quarantine.db
Path sessions_file(const Workspace& workspace);    // data/sessions.db
Path states_folder(const Workspace& workspace);    // data/states

// How large a record may be: the settings `ingest.*`.
Result<ReadLimits> read_limits(const Arguments& arguments, const Path& workspace);

// content/mappings/mail.yaml, compiled, and the canonical bytes of its artifact.
struct MappingContent {
  RecordMapping mapping;
  std::string canonical;
};
Result<MappingContent> read_mapping(const Workspace& workspace);

// The mappings of content/mappings but mail's, by name. Errors: InvalidArgument ("FILE:LINE: ..."),
// AlreadyExists (a second one of a name).
Result<std::vector<Mapping>> read_log_mappings(const Workspace& workspace);
// The one named, or all where `name` is empty. Errors: NotFound, with the nearest name.
Result<std::vector<Mapping>> chosen_log_mappings(const Workspace& workspace,
                                                 const std::string& name);

// content/policies/mail.yaml, checked against the feature set; the canonical bytes of its artifact.
Result<std::string> read_policy(const Workspace& workspace, const FeatureSet& features);

Result<FeatureSet> read_feature_set(const Workspace& workspace);  // content/features/mail.yaml

}  // namespace winnow::cli
