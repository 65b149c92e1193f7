// A durable queue between who accepts records and who works on them: what was appended is on disk
// and stays there until it is forgotten. Format, and what survives what: docs/formats/spool.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "store/segment_log.h"

namespace winnow {

namespace store {
class SpoolCounts;
}

struct SpoolRecord {
  Timestamp accepted;
  std::uint32_t items = 0;  // what it counts for
  std::string payload;
  RecordPosition behind;  // where the next one may begin
};

// One thread appends, one takes and forgets; use() is for any.
class Spool {
 public:
  struct Config {
    std::uint64_t max_bytes = 4UL << 30;  // of its files; at least four segments
    std::uint64_t segment_bytes = 32UL << 20;
    std::uint64_t room_bytes = 1UL << 20;  // as SegmentLog::Config; not counted as used
    std::uint32_t max_payload_bytes = 64U << 20;
    Duration remember = std::chrono::seconds(5);  // how often what was forgotten goes on record
    // What a payload is counted with, where that is of interest; any bytes can be one.
    std::string_view (*group_of)(std::string_view payload) = nullptr;
  };
  static constexpr std::size_t kMostGroups =
      200;  // at one time; beyond, newcomers are kOtherGroups
  static constexpr std::string_view kOtherGroups = "(others)";

  // Opens or makes the spool in `folder`, for this process alone, and counts what waits: reads all
  // of it. `now` tells how long that waited before. Damage is told in the log and stepped over.
  // Errors: Conflict (another process has it), Corrupt (a segment is missing), Denied, Exhausted,
  // Unavailable.
  static Result<std::unique_ptr<Spool>> open(const Path& folder, const Config& config,
                                             Timestamp now);
  ~Spool();

  struct NewRecord {
    std::uint32_t items = 0;
    std::string_view payload = {};  // borrowed for the call
  };
  // Durable when it returns, all of it; on an error none of it was accepted. Cost: one write and
  // one fdatasync. Errors: Exhausted (the spool or the disk is full, a record is too large),
  // Unavailable.
  Status append(std::span<const NewRecord> batch, Timestamp now);

  // The next record that waits, in the order of appending; nothing when none does. Errors:
  // Unavailable.
  Result<std::optional<SpoolRecord>> take();
  // What was taken and not forgotten is taken again.
  void take_again();
  // What was taken up to `behind` has done its work, durably. Its files go as a whole. After a
  // crash some of it may be taken again, so that work is done by who knows it when it comes twice.
  // Errors: Exhausted, Unavailable.
  Status forget(RecordPosition behind);

  struct Waiting {
    std::uint64_t records = 0, items = 0, bytes = 0;
    // When the oldest was accepted, to the second; also by the clock that does not jump.
    std::optional<Timestamp> oldest = {};
    std::optional<std::chrono::steady_clock::time_point> since = {};
  };
  struct Use : Waiting {
    std::uint64_t file_bytes = 0, max_bytes = 0;
    std::uint64_t damages = 0;  // found since it was opened
  };
  Use use() const;
  std::map<std::string, Waiting> waiting_by_group() const;

 private:
  // What readers and writer tell each other.
  struct Shared {
    RecordPosition end;  // of what is durable
    std::unique_ptr<store::SpoolCounts> waiting;
    std::map<std::uint64_t, std::uint64_t> sizes;     // segment -> bytes
    std::map<RecordPosition, std::uint64_t> damages;  // where -> bytes
  };
  struct Reader;
  struct Taken {
    RecordPosition behind;
    std::string group;
    std::uint64_t items, bytes;
  };

  Spool(Path folder, const Config& config, FileLock lock);
  Status open_log();
  Status count_waiting(RecordPosition from, Timestamp now);
  Status write_cursor();
  std::string_view group_of(std::string_view payload) const;
  std::uint64_t file_bytes() const;
  void note_damage(RecordPosition at, std::uint64_t bytes);
  Status remove_segments_before(std::uint64_t segment);

  const Path folder_;
  const Config config_;
  const FileLock lock_;
  mutable std::mutex mutex_;  // of shared_
  Shared shared_;
  std::optional<SegmentLog> log_;   // the writer's; none after a failure
  std::unique_ptr<Reader> reader_;  // the reader's, as all below
  std::deque<Taken> taken_;
  RecordPosition cursor_;    // of the first that is not forgotten
  RecordPosition recorded_;  // as the cursor's file has it
  std::chrono::steady_clock::time_point record_next_{};
};

// How many records wait in the spool in `folder`, each of which is read; works beside the process
// that has it open. An absent one holds none. Errors: Corrupt, naming file and offset; Unavailable.
Result<std::uint64_t> verify_spool(const Path& folder);

}  // namespace winnow
