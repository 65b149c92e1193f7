// Append-only records in segment files: one sequential write and one fdatasync for a whole batch.
// Format and recovery rule: docs/formats/segments.md.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace winnow {

// Where a record stands; positions grow in the order of appending.
struct RecordPosition {
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;
  auto operator<=>(const RecordPosition&) const = default;
};

using RecordKind = std::uint8_t;  // the user's own meaning, 0 to kMaxRecordKind
inline constexpr RecordKind kMaxRecordKind = 127;

struct SegmentRecord {
  RecordPosition at;
  RecordKind kind = 0;
  std::string_view payload;  // borrowed from the scan, valid until its next move
};

// Reads records in order without changing anything; also while another process appends.
class SegmentScan {
 public:
  // From the first record, or from the record at `from`. An absent or empty folder has no records.
  // Errors: Corrupt (a segment is missing, or cut short), Unavailable.
  static Result<SegmentScan> open(const Path& folder, std::optional<RecordPosition> from = {});
  SegmentScan(SegmentScan&&) noexcept;
  SegmentScan& operator=(SegmentScan&&) noexcept;
  ~SegmentScan();

  // False at the end; an unfinished tail (see SegmentLog::open) is the end.
  // Errors: Corrupt, naming file and offset; Unavailable.
  Result<bool> next();
  const SegmentRecord& record() const { return record_; }
  RecordPosition end() const;          // behind the last record read
  std::uint64_t unread_bytes() const;  // of its segment; at the end: of the unfinished tail

 private:
  struct State;
  explicit SegmentScan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
  SegmentRecord record_;
};

// The segments in `folder`, ascending; none where there is no log. Errors: Corrupt (one is
// missing), Unavailable.
Result<std::vector<std::uint64_t>> segments_in(const Path& folder);
inline constexpr std::uint64_t kFirstRecordOffset = 32;  // of every segment
// One record. Errors: NotFound (no record can begin there), Corrupt.
Result<std::string> read_record(const Path& folder, RecordPosition at);

// What stands for a record from now on: no larger than it was. A few zeros may come to stand behind
// the payload, where the rest is too small to be told apart.
struct ShorterRecord {
  RecordKind kind = 0;
  std::string payload;
};
// Nothing: the record stays.
using Shorten = std::function<Result<std::optional<ShorterRecord>>(const SegmentRecord& record)>;
// Gives up content of a segment that nobody appends to any more, not the last one: its other
// records stay where they stand, such too as keep their kind, and in their order; what goes takes
// no room on disk. The file appears whole in place of the one before: a crash leaves one or the
// other. Beside a writer and readers; one thread of one process at a time. Returns how many bytes
// were given up; with none the file stays. Errors: of `shorten`; InvalidArgument (the last
// segment), Corrupt, Exhausted, Unavailable.
Result<std::uint64_t> shorten_segment(const Path& folder, std::uint64_t segment,
                                      const Shorten& shorten);

// One writer at a time, one thread at a time.
class SegmentLog {
 public:
  struct Config {
    std::uint64_t segment_bytes = 64UL << 20;  // a new segment begins once one is larger
    std::uint32_t max_record_bytes = 64U << 20;
    // What open() does about a last segment with bytes that changed after they were acknowledged:
    // Corrupt, named with file and offset; or it stays as it is and a new one begins behind it.
    enum class Damage { Refuse, LeaveBehind } damage = Damage::Refuse;
    // Zeros are written so far ahead of the records, where the disk has room for them: a commit
    // that makes no file larger waits for the disk once, not for the file system's journal as well.
    // For a log of one process: others take the zeros for a change.
    std::uint64_t room_bytes = 0;
  };
  // Opens or creates the log in `folder`. A tail that a crash left unfinished is cut off (nothing
  // of it was acknowledged). Reads the last segment. Errors: Corrupt, Denied, Exhausted,
  // Unavailable.
  static Result<SegmentLog> open(const Path& folder, const Config& config);

  // Adds a record to the batch in memory and returns where it will stand.
  // Errors: Exhausted (too large), Unavailable (an earlier commit failed).
  Result<RecordPosition> append(std::string_view payload, RecordKind kind = 0);
  // Makes the batch durable: one write, one fdatasync. On error nothing of the batch is
  // acknowledged; after a failed write the batch is dropped and the log stays usable; after a
  // failed sync nobody knows what the disk holds, so the log refuses to go on until it is opened
  // again. Errors: Exhausted (disk full), Unavailable.
  Status commit();
  void discard();  // forgets the batch

  Result<std::string> read(RecordPosition at) const { return read_record(folder_, at); }

  RecordPosition end() const;  // where the next committed batch begins
  // Whether nobody else wrote since: several processes may take turns under a lock of theirs, and
  // open the log again when this says no. Costs two look-ups in the file system.
  bool is_current() const;
  bool at_segment_start() const;  // the next batch is the first of its segment
  // Of an unfinished tail that open() cut off: up to the last that is not zero.
  std::uint64_t cut_bytes() const { return cut_bytes_; }
  // Removes the records from `at` on; only in the last segment, for an owner that knows them to be
  // unacknowledged. Errors: InvalidArgument, Exhausted, Unavailable.
  Status drop_from(RecordPosition at);
  // Removes whole segments older than the one that holds `at`. Errors: Unavailable.
  Status forget_before(RecordPosition at);
  // The next batch stands in a new segment, so that the one before can be shortened.
  Status begin_segment();

 private:
  SegmentLog(Path folder, Config config, AppendFile file, std::uint64_t segment);
  Status start_segment();
  Status create_next_segment();
  void make_room(std::uint64_t bytes);
  Status cut_to(std::uint64_t size);
  Path folder_;
  Config config_;
  AppendFile file_;
  std::optional<AppendFile> room_;  // the same file with the zeros behind its records
  std::uint64_t segment_;
  std::uint64_t cut_bytes_ = 0;
  std::string batch_;
  bool usable_ = true;
};

}  // namespace winnow
