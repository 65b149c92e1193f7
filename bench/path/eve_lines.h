// Lines of Suricata's EVE log for benchmarks: real ones of about a kilobyte, seen at many sites.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace winnow::bench {

struct EveLine {
  std::string text;
  bool malicious = false;  // of a capture in which malware ran
};

// The lines of 700 to 1,700 bytes in the files of `folder`, in the order of their time, each as
// `sites` sites would see it: at the same second, from a source address of their own. So no two
// lines are equal, and sources and pairs are many. Errors: NotFound, Unavailable.
Result<std::vector<EveLine>> read_eve_lines(const Path& folder, int sites);

}  // namespace winnow::bench
