// What a compiled mapping holds.
#pragma once

#include <string>

#include "base/digest.h"
#include "ingest/mapping/detail/mapping_reader.h"
#include "ingest/mapping/mapping.h"

namespace winnow {

struct Mapping::State {
  mapping::ReadMapping read;
  std::string canonical;
  Digest digest;
};

}  // namespace winnow
