// Who executes a run, with what: the same of every kind of run.
#pragma once

#include <string>

#include "registry/run.h"

namespace winnow::learn {

struct RunContext {
  std::string actor;
  std::string build_id;
  CodeState code;
  unsigned threads = 1;
};

}  // namespace winnow::learn
