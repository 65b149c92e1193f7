// Whether what people write in a workspace's content/ still compiles.
#pragma once

#include <vector>

#include "base/file.h"
#include "registry/workspace.h"

namespace winnow::cli {

// One check for the mappings, and one for each file of features, policies, training and
// intelligence lists that is there; a file that does not compile is told with its line. Changes
// nothing, takes no lock.
std::vector<Check> examine_content(const Path& content);

}  // namespace winnow::cli
