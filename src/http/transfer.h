// What became of an attempt to move bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace winnow::http {

enum class Flow : std::uint8_t {
  Moved,    // `bytes` of them, at least one
  Blocked,  // not now
  Ended,    // the peer sends no more
  Broken,   // nothing more can be sent or received
};

struct Transfer {
  Flow flow;
  std::size_t bytes = 0;
};

}  // namespace winnow::http
