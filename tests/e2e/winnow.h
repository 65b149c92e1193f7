// Runs the winnow binary as its user does.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"

namespace winnow::testing {

struct Outcome {
  int exit = -1;      // its exit code, or minus the signal that ended it
  std::string out;    // stdout
  std::string err;    // stderr
  Json json() const;  // of stdout; null when it is no JSON
};

// Runs `winnow words...` in `folder`, with NO_COLOR and a fixed actor; at most two minutes.
Outcome winnow(const Path& folder, const std::vector<std::string>& words,
               std::string_view input = {});

// Starts it, and kills it (SIGKILL) after `micros`. Tells whether it had finished before.
bool winnow_killed_after(const Path& folder, const std::vector<std::string>& words,
                         std::int64_t micros);

}  // namespace winnow::testing
