// What each threshold would do, thinned to what people can tell apart: the ground on which they
// choose another operating point.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/json.h"
#include "learn/calibration.h"
#include "learn/ranking.h"

namespace winnow::learn {

// About `most` points of a curve as Ranking gives it, best first, the first and the last included:
// evenly by recall, and by false-positive rate in eighths of octaves, since what matters lies where
// that is small. A curve of no more points is returned as it is. Pure arithmetic: the same on every
// machine.
std::vector<RankingPoint> thinned(std::span<const RankingPoint> curve, std::size_t most);

Json curve_json(std::span<const RankingPoint> curve);
Json reliability_json(std::span<const ReliabilityBin> bins);

}  // namespace winnow::learn
