// A run executed again from what its record names, and its outputs compared byte by byte.
#pragma once

#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "registry/registry.h"

namespace winnow::learn {

// One output of a run, made again.
struct ReproducedOutput {
  ArtifactRef recorded;
  Digest made;
  bool equal() const { return recorded.digest == made; }
};
struct Reproduction {
  RunId run;
  std::vector<ReproducedOutput> outputs;
  bool equal() const;
};

// Trainings and evaluations that succeeded; imports read files that only their owner has. Changes
// nothing. Errors: Unsupported (another kind of run), NotFound (an input is missing), Corrupt.
Result<Reproduction> reproduce(Registry& registry, const EventLog& events, const Run& run,
                               unsigned threads, Progress& progress);

}  // namespace winnow::learn
