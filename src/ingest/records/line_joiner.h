// Joins the lines of one event, where a log writes an event as several lines (audit_line.h) and
// those of different events among each other. What comes of it depends on the lines alone, never on
// when they came or how reads were cut: the same file gives the same records again.
//
// An event ends with its end mark; behind its last line, when any other line comes; when a line of
// the same machine is more than two seconds younger; where it would take more than its limits; and
// when the caller says that nothing will come for it. Its late lines are an event by themselves.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/records/audit_line.h"

namespace winnow {

class LineJoiner {
 public:
  struct Limits {
    std::size_t events = 64;                        // open at once: of more the oldest ends
    std::size_t lines = 1024, bytes = 256UL << 10;  // of an event
    std::size_t all_bytes = 1UL << 20;              // of those that are open
  };
  LineJoiner() = default;
  explicit LineJoiner(const Limits& limits) : limits_(limits) {}

  struct Joined {
    std::string raw;  // its lines, a line feed between them
    std::size_t lines = 1;
    std::uint64_t offset = 0, line = 0;  // of its first line, as the caller told
  };

  // Takes a line, without its end, that is of an event of several lines. False: it is a record by
  // itself. Either may end events. `number` is that of the line, or when it came.
  bool add(std::string_view line, std::uint64_t offset = 0, std::uint64_t number = 0);
  // The next event that has ended, in the order in which they did.
  std::optional<Joined> take();
  // Nothing will come for those that are open: they end.
  void end_all();
  // The same for those of which the last line had a number below this one.
  void end_before(std::uint64_t number);
  // Those that have not ended, in the order in which they began.
  std::vector<Joined> open() const;
  bool is_empty() const { return open_.empty() && ended_.empty(); }
  bool has_ended() const { return !ended_.empty(); }

  // All that is within, as bytes; from these a joiner goes on as this one would. Errors: Corrupt.
  std::string state() const;
  static Result<LineJoiner> from_state(std::string_view bytes);

 private:
  struct Open {
    Joined event;
    std::string machine, stamp;  // whose it is, and which
    std::int64_t seconds = 0;    // when it happened
    std::uint64_t last = 0;      // the number of its last line
    bool is_whole = false;       // only its end mark may come
  };
  using Events = std::deque<Open>;
  static Open begun(const AuditLine& line, Joined event);
  Events::iterator end(Events::iterator event);
  void end_oldest() { end(open_.begin()); }

  Limits limits_;
  Events open_;  // in the order in which they began
  std::deque<Joined> ended_;
  std::size_t bytes_ = 0;  // of those that are open
};

}  // namespace winnow
