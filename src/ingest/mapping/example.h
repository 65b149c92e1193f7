// A mapping's own examples: what its file says must come of a record.
#pragma once

#include <string>
#include <vector>

#include "ingest/mapping/mapping.h"

namespace winnow {

// What differs from the example, one line each; empty where the mapping makes what it says.
std::vector<std::string> check_example(LogReader& reader, const MappingExample& example);

}  // namespace winnow
