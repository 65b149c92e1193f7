// Makes the bytes of removed events go from the disk, a file at a time.
#pragma once

#include <cstdint>
#include <memory>

#include "base/file.h"
#include "base/result.h"

namespace winnow {

// Beside the EventLog that writes and any that read, in the process that writes; one thread of it
// at a time. A crash at any moment loses nothing: the same steps do what is left to do.
class EventEraser {
 public:
  // Of the log in `folder`. Errors: as EventLog::open.
  static Result<EventEraser> open(const Path& folder);
  EventEraser(EventEraser&&) noexcept;
  EventEraser& operator=(EventEraser&&) noexcept;
  ~EventEraser();

  // Whether the last file, which cannot be erased from yet, holds bytes that are to go.
  Result<bool> waits_for_segment() const;

  struct Step {
    std::uint64_t events = 0;  // whose bytes are gone now
    std::uint64_t bytes = 0;   // on disk, as they were compressed
    bool more = false;
  };
  // Takes the bytes of all removed events out of one file that is not appended to any more; those
  // in the last one wait for EventLog::begin_segment(). Where each other record stands does not
  // change. Cost: reads and writes one file, at most about 64 MiB. Errors: Corrupt, Exhausted,
  // Unavailable.
  Result<Step> step();

 private:
  struct State;
  explicit EventEraser(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
