// When something came the last few times: whether a machine calls home at a steady beat.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace winnow {

// The newest 32 different seconds in which there was an observation; at most 256 bytes. What is
// newest is so in every merge to come, so that the order does not matter.
class Arrivals {
 public:
  static constexpr std::size_t kKept = 32;
  static constexpr std::size_t kFewest = 5;  // below, nothing is said of their rhythm

  bool add(Timestamp at);  // false when it is older than all of the 32: then nothing changes
  Status merge(const Arrivals& other);

  std::size_t until(Timestamp now) const;  // how many of those kept are not after `now`

  // The gaps between those not after `now`, by robust measures that a pause of a day does not move:
  // beacons jitter, sleep and restart. The measures are those of RITA (Active Countermeasures, its
  // documentation of beacon scoring). Nothing with fewer than kFewest arrivals.
  struct Rhythm {
    double period_s;  // the median gap
    double
        regularity;  // 1 - median absolute deviation / median, at least 0; exponential gaps: 0.31
    double skew;     // Bowley's, -1 to 1 by quartiles (0: symmetric); exponential gaps: 0.26
  };
  std::optional<Rhythm> rhythm(Timestamp now) const;

  std::size_t heap_bytes() const { return seconds_.capacity() * sizeof(std::int64_t); }
  void write(ByteWriter& out) const;
  static Result<Arrivals> read(ByteReader& in);  // Errors: Corrupt
  friend bool operator==(const Arrivals&, const Arrivals&) = default;

 private:
  std::vector<std::int64_t> seconds_;  // ascending, each once
};

}  // namespace winnow
