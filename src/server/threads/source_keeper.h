// Remembers over a restart which sources there are and when each last sent something: one that fell
// silent is not forgotten with the process that knew it.
#pragma once

#include <optional>

#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "server/activity.h"

namespace winnow::server {

// One thread at a time. `activity` and `clock` outlive it.
class SourceKeeper {
 public:
  static constexpr std::chrono::minutes kEvery{1};          // so much a crash may lose
  static constexpr std::chrono::hours kForgotten{24 * 30};  // of silence

  static constexpr std::size_t kMost = Activity::kMostSources / 2;  // the newest are taken up

  // `file` is made when there is something to remember.
  SourceKeeper(Path file, Activity& activity, const Clock& clock)
      : file_(std::move(file)), activity_(&activity), clock_(&clock) {}

  // Tells the activity what the file remembers. A file that cannot be read is logged, and written
  // anew: it is worth less than a start.
  void take_up();
  // Writes the file when it may be behind by kEvery. What cannot be written is logged, and tried
  // again later.
  void look();
  void keep();  // the same, however little it is behind: before a stop

 private:
  Status read();
  Status write();

  Path file_;
  Activity* activity_;
  const Clock* clock_;
  std::optional<Timestamp> tried_at_;
  std::string written_;
};

}  // namespace winnow::server
