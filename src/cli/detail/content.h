// A workspace's content/ and its intake, as commands use them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "cli/command.h"
#include "cli/console.h"
#include "features/feature_set.h"
#include "ingest/mapping/mapping_folder.h"
#include "ingest/record_mapping.h"
#include "ingest/records/record_source.h"
#include "ocsf/domain.h"
#include "registry/workspace.h"

namespace winnow::cli {

Path events_folder(const Workspace& workspace);    // data/events
Path quarantine_file(const Workspace& workspace);  // data/quarantine.db
Path identities_file(const Workspace& workspace);  // data/identities.db
Path filters_file(const Workspace& workspace);     // data/search.db
Path sessions_file(const Workspace& workspace);    // data/sessions.db
Path states_folder(const Workspace& workspace);    // data/states: of all domains
Path mappings_folder(const Workspace& workspace);  // content/mappings

// How large a record may be: the settings `ingest.*`.
Result<ReadLimits> read_limits(const Arguments& arguments, const Path& workspace);

// content/mappings/mail.yaml, compiled, and the canonical bytes of its artifact.
struct MappingContent {
  RecordMapping mapping;
  std::string canonical;
};
Result<MappingContent> read_mapping(const Workspace& workspace);

// The mappings of content/mappings of one domain of logs, by name, as their files are now. Those of
// other domains may be broken. Errors: InvalidArgument (one does not compile and is the domain's,
// or nothing tells whose it is: "FILE:LINE: ..."), of listing the folder.
Result<std::vector<Mapping>> log_mappings_of(Workspace& workspace, Domain domain);
// All of them but mail's for who can do without some. One that does not compile is told as a note,
// and is what it was when it was last kept for a bundle or a training; where it never was, it is
// left out. Errors: of listing the folder.
Result<UsableMappings> log_mappings_in_use(Workspace& workspace, Console& console);
// Of them those of these names, or all where there are none. Errors: NotFound, with the nearest
// name; InvalidArgument (the one that is named does not compile, and never did).
Result<std::vector<Mapping>> chosen_log_mappings(Workspace& workspace,
                                                 const std::vector<std::string>& names,
                                                 Console& console);
// NotFound, with the nearest name.
Error no_such_mapping(const std::string& name, std::span<const Mapping> known);

// Names features that no row has: a path that is misspelt, or that no mapping sets.
void tell_always_missing(const std::vector<std::string>& features, Console& console);

// The domain as a word behind the command, as the option --domain, and what it says. Errors: none,
// its choices are checked.
Option domain_positional();
Option domain_option();
Domain domain_of(const Arguments& arguments);

// The mappings of a domain become artifacts: mail's own, or those of its logs. Errors:
// InvalidArgument (a mapping does not compile), of the registry.
Result<std::vector<ArtifactRef>> add_mappings(Workspace& workspace, Domain domain,
                                              const std::string& actor);

// content/policies/DOMAIN.yaml, checked against the feature set; the canonical bytes of its
// artifact.
Result<std::string> read_policy(const Workspace& workspace, Domain domain,
                                const FeatureSet& features);

// content/features/DOMAIN.yaml. Errors: NotFound (the workspace has no features of it), as
// FeatureSet::compile().
Result<FeatureSet> read_feature_set(const Workspace& workspace, Domain domain);

}  // namespace winnow::cli
