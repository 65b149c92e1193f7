// An intel import as a run: which lists, by digest, became which snapshot.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/file.h"
#include "intel/intel_spec.h"
#include "learn/run_context.h"
#include "registry/registry.h"

namespace winnow::learn {

struct IntelRun {
  Run run;  // its output is the snapshot
  std::vector<std::pair<std::string, ListReport>> reports;
};

// Reads the lists of `spec` below `folder` and records the snapshot; a failed import is recorded as
// failed. Errors: those of import_intel and of the registry.
Result<IntelRun> import_intel_run(Registry& registry, const IntelSpec& spec, const Path& folder,
                                  const RunContext& context);

}  // namespace winnow::learn
