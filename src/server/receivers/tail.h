// The front door of tailed files: what programs append to log files goes to the intake line by
// line, through rotation (renamed, copied and truncated, removed) and restarts. How far each file
// was read is on disk once what was read is; after a crash a few lines may come again, which the
// event log knows. The system tells when files grow (folder_watch.h); where it does not, they are
// looked at several times a second. Files take turns, so that fast ones leave others theirs.
// Lines of one event (line_joiner.h) are one record, also where rotation parts them; what was read
// of an event that has not ended is kept with the positions.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "server/receivers/tail_use.h"
#include "server/threads/intake.h"

namespace winnow::server {

struct TailOptions {
  std::vector<std::string> files = {};  // patterns of glob(7)
  std::string source = {};              // whose records; empty: the file's name without extension
  Path positions = {};                  // where it is kept how far files were read
  std::size_t max_line = 1UL << 20;     // of a longer one the front goes to quarantine
  std::size_t most_files = 1024;        // followed at once; the others wait
  std::chrono::milliseconds look{200};  // how often, where nobody tells of changes
  std::chrono::milliseconds look_anyway{2000};  // and where the system does
  std::chrono::milliseconds rotated{5000};      // of silence, then one that was renamed has ended
  std::chrono::milliseconds event{2000};        // of silence, then nothing comes for an open event
};

class Tail {
 public:
  // `intake` outlives it. Errors: Corrupt (the positions), of reading them.
  static Result<std::unique_ptr<Tail>> start(const TailOptions& options, Intake& intake);
  ~Tail();  // as stop()

  const TailUse& use() const;  // any thread
  // What was read is on disk, or will be read again.
  void stop();

 private:
  class Loop;
  explicit Tail(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace winnow::server
