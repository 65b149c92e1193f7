// Mappings as they were when they were last kept: what a bundle or a training was made with.
#pragma once

#include "ingest/mapping/mapping_folder.h"
#include "registry/registry.h"

namespace winnow {

// For a folder of mappings, for as long as the registry lives and on its thread. What this version
// does not read counts as never kept; what cannot be had is told in the log.
LastKept last_kept_in(Registry& registry);

}  // namespace winnow
