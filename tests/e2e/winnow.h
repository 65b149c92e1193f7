// Runs the winnow binary as its user does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "tests/support/support.h"

namespace winnow::testing {

struct Outcome {
  int exit = -1;      // its exit code, or minus the signal that ended it
  std::string out;    // stdout
  std::string err;    // stderr
  Json json() const;  // of stdout; null when it is no JSON
};

#define EXPECT_ENDS(outcome, code) EXPECT_EQ((outcome).exit, code) << (outcome).out << (outcome).err

// What goes wrong below the binary (hostile_machine.cc); nothing by default.
struct Machine {
  std::optional<std::int64_t> disk_bytes = {};  // then the disk is full
  std::optional<std::int64_t> kill_at = {};     // the write, sync or rename before which it dies
  std::int64_t clock_shift_s = 0;               // how far off the clock is
  // While this file is there, files with its text in their paths cannot grow: the disk is full.
  Path full_while = {};
};

// Runs `winnow words...` in `folder`, with NO_COLOR and a fixed actor; at most 400 seconds.
Outcome winnow(const Path& folder, const std::vector<std::string>& words,
               std::string_view input = {}, const Machine& machine = {});

// Starts it, and kills it (SIGKILL) after `micros`. Tells whether it had finished before.
bool winnow_killed_after(const Path& folder, const std::vector<std::string>& words,
                         std::int64_t micros);

// A winnow that goes on until it is told to stop; killed with this object.
class RunningWinnow {
 public:
  RunningWinnow(const Path& folder, const std::vector<std::string>& words,
                const Machine& machine = {});
  ~RunningWinnow();
  RunningWinnow(const RunningWinnow&) = delete;
  RunningWinnow& operator=(const RunningWinnow&) = delete;

  // The port of `winnow serve`, once it listens; 0 when it ends before.
  std::uint16_t port();
  Outcome end(int signal);  // sends it and waits

 private:
  TemporaryFolder files_;
  int process_ = -1;
};

}  // namespace winnow::testing
