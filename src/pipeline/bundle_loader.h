// From a bundle in the registry to what runs it.
#pragma once

#include <memory>

#include "base/result.h"
#include "ingest/domain_mapping.h"
#include "pipeline/pipeline.h"
#include "registry/registry.h"

namespace winnow {

// Everything between raw bytes and a decision; immutable, shared by threads.
struct BundleRuntime {
  BundleId id;
  DomainMapping mapping;
  Pipeline pipeline;
};

// Reads and compiles the bundle's artifacts, each verified against its digest. A bundle without a
// model is one that the policy's rules decide alone. Errors: NotFound (an artifact is missing),
// Corrupt, InvalidArgument (artifacts that do not fit together).
Result<std::shared_ptr<const BundleRuntime>> load_bundle(Registry& registry,
                                                         const ListedBundle& bundle);

}  // namespace winnow
