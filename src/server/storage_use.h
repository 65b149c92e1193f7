// How much room the workspace takes and how much is left.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>

#include "base/file.h"

namespace winnow::server {

// Thread-safe. Walks the folder at most every 30 seconds.
class StorageUse {
 public:
  struct Use {
    std::uint64_t bytes = 0, free = 0;
  };
  explicit StorageUse(Path folder) : folder_(std::move(folder)) {}
  Use use();  // reads the disk: not for a loop's thread

 private:
  const Path folder_;
  std::mutex mutex_;  // of all below
  Use use_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace winnow::server
