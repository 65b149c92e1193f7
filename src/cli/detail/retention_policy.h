// What the settings say of retention.
#pragma once

#include "cli/detail/settings.h"
#include "registry/workspace.h"
#include "retention/run.h"

namespace winnow::cli {

RetentionPolicy retention_policy(const Settings& settings);
// When a service applies it: so long after midnight, UTC; nothing: never by itself. Errors:
// InvalidArgument.
Result<std::optional<std::chrono::minutes>> retention_time(const Settings& settings);
RetainedFiles retained_files(const Workspace& workspace);

}  // namespace winnow::cli
