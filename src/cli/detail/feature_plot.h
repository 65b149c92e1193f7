// Values over time, drawn with letters.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/timestamp.h"

namespace winnow::cli {

struct PlotPoint {
  Timestamp time;
  float value = 0;
  bool is_malicious = false;  // as somebody found
};

// Lines of text, at most `width` columns wide: time to the right, values upwards. A place is drawn
// the darker (. : + #) the more points it holds, and as x (many: X) where at least half of them are
// malicious. Values beyond the 1st and the 99th percentile stand on the edge. Points in order of
// time; none gives no lines. Values are finite.
std::vector<std::string> plot_lines(std::span<const PlotPoint> points, std::size_t width);

}  // namespace winnow::cli
