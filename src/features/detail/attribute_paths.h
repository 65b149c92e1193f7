// Whether what a feature set asks of events is an attribute that events can have.
#pragma once

#include "base/result.h"
#include "base/yaml.h"

namespace winnow::features {

// `attributes` is what ProgramBuilder::declare_attributes() took. Below `unmapped` everything may
// be. For files that people write: a set that was compiled under another schema stays as it is.
// Errors: InvalidArgument ("FILE:LINE: ..." and the nearest path).
Status check_attribute_paths(const Yaml& attributes);

}  // namespace winnow::features
