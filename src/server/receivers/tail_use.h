// What following files counts, for people and Prometheus.
#pragma once

#include <atomic>
#include <cstdint>

namespace winnow::server {

// Since the start. Written by the tail's thread, read by any (relaxed: each number stands for
// itself).
struct TailUse {
  std::atomic<std::uint64_t> files{0};            // followed now
  std::atomic<std::uint64_t> left_out{0};         // that there was no room to follow, now
  std::atomic<std::uint64_t> lines{0}, bytes{0};  // taken in
  std::atomic<std::uint64_t> cut{0};              // of them: too long
  std::atomic<std::uint64_t> anew{0};             // times that a file began anew: it was truncated
  std::atomic<std::uint64_t> lost{0};    // files that were gone before they were read to the end
  std::atomic<std::uint64_t> behind{0};  // bytes that the files hold and were not read yet
};

}  // namespace winnow::server
