// Durability tests: fail each write in turn, kill a process between two instructions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/file.h"
#include "base/rng.h"

namespace winnow::testing {

// While it lives, the `fail_at`-th write, sync or rename of base/file.h (from 0) fails as on a full
// disk, and with `stay_failed` all after it too.
class FailingWrites {
 public:
  explicit FailingWrites(int fail_at, bool stay_failed = false);
  ~FailingWrites();
  FailingWrites(const FailingWrites&) = delete;
  FailingWrites& operator=(const FailingWrites&) = delete;
  bool fired() const { return fired_; }

 private:
  int step_ = 0;
  bool fired_ = false;
};

// Runs `work` in a child process and kills it with SIGKILL after a random moment of at most
// `max_delay_us`; returns what the child had written to `acknowledge` by then: the bytes of a
// shared counter it raises.
std::uint64_t killed_while(
    const std::function<void(const std::function<void()>& acknowledge)>& work, Rng& rng,
    int max_delay_us);

// Turns one bit of the byte at `at`.
void flip_byte(const Path& path, std::uint64_t at, unsigned char mask = 1);

}  // namespace winnow::testing
