// What the settings say of retention.
#pragma once

#include "cli/detail/settings.h"
#include "registry/workspace.h"
#include "retention/run.h"

namespace winnow::cli {

RetentionPolicy retention_policy(const Settings& settings);
RetainedFiles retained_files(const Workspace& workspace);

}  // namespace winnow::cli
