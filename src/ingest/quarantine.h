// Records that could not be used, with their bytes and the reason: none is dropped, and each can be
// tried again.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/timestamp.h"
#include "ingest/records/raw_record.h"
#include "store/access.h"

namespace winnow {

struct QuarantinedRecord {
  std::uint64_t id = 0;  // the order of arrival, from 1
  Digest digest;         // of all its bytes: its identity
  RecordForm form = RecordForm::Mail;
  Problem problem;           // as of the last try
  std::string mapping = {};  // that refused it; empty: none recognised it, or it is mail
  std::string source;
  InputPosition position;     // where it was first seen
  Label label = Label::None;  // that it would have got
  std::string label_origin;
  std::uint64_t size = 0;        // of all its bytes
  std::uint64_t kept_bytes = 0;  // fewer than `size` when it was too large
  Timestamp first_seen;
  std::optional<Timestamp> last_tried;
  std::uint64_t tries = 0;  // since then
};

struct NewQuarantined {
  const RawRecord* record;   // with a problem; borrowed for the call
  std::string mapping = {};  // that refused it
  std::string source;
  Label label = Label::None;
  std::string label_origin;
};

struct QuarantineFilter {
  std::optional<ProblemKind> kind = {};
  std::optional<std::string> source = {};
  std::optional<std::string> mapping = {};
  std::optional<std::string> reason = {};     // Problem::message, word by word
  std::optional<Timestamp> seen_before = {};  // first seen, excluded
};

// Records of one source that one mapping refused for one reason.
struct QuarantineReason {
  std::string source, mapping;  // mapping: as QuarantinedRecord's
  Problem problem;
  std::uint64_t records = 0;
  Timestamp first_seen, last_seen;  // the first time each was seen: of the oldest, of the newest
};

// One thread at a time; several processes may have it open. Kept in one SQLite file, whose pages
// carry check sums.
class Quarantine {
 public:
  // Errors: NotFound (ReadOnly, absent), Corrupt, Denied, Unavailable.
  static Result<Quarantine> open(const Path& file, Access access);
  Quarantine(Quarantine&&) noexcept;
  Quarantine& operator=(Quarantine&&) noexcept;
  ~Quarantine();

  // Keeps the records durably; tells how many were not there before. One commit. Errors: Exhausted
  // (disk full), Conflict (busy for too long), Corrupt, Unavailable.
  Result<std::uint64_t> add(std::span<const NewQuarantined> records, Timestamp now);

  Result<std::uint64_t> count(const QuarantineFilter& filter = {}) const;
  // In the order of arrival, at most `limit` with an id above `after`.
  Result<std::vector<QuarantinedRecord>> list(const QuarantineFilter& filter, std::uint64_t after,
                                              std::size_t limit) const;
  // Why records are there, the most frequent reasons first, at most `limit`. Reads every row.
  Result<std::vector<QuarantineReason>> reasons(std::size_t limit) const;
  // By the first hexadecimal digits of its digest, at least 4. Errors: InvalidArgument, NotFound.
  Result<QuarantinedRecord> find(std::string_view digest_prefix) const;
  // The kept bytes. Errors: NotFound, Corrupt.
  Result<std::string> read_raw(const QuarantinedRecord& record) const;

  // Offers each record that passes `filter` to `use`. A record leaves once `use` has made it
  // durable elsewhere and says so with success; an InvalidArgument or Unsupported is the new reason
  // and the record stays, as does one whose bytes are damaged; any other error ends the retry.
  // Errors: of `use`; as add().
  struct RetryCounts {
    std::uint64_t tried = 0;
    std::uint64_t released = 0;
  };
  using Use = std::function<Status(const QuarantinedRecord& record, std::string_view raw)>;
  Result<RetryCounts> retry(const QuarantineFilter& filter, Timestamp now, const Use& use);
  // The same as retry() for some records together: `use` tells of each, in their order.
  using UseTogether = std::function<Result<std::vector<Status>>(
      std::span<const QuarantinedRecord> records, std::span<const std::string> raws)>;
  Result<RetryCounts> retry_together(std::span<const QuarantinedRecord> records, Timestamp now,
                                     const UseTogether& use);
  // All or nothing: the records go, bytes and all; those that are not there are passed over.
  // Returns how many went. Errors: as add().
  Result<std::uint64_t> remove(std::span<const Digest> records);

  // The same as retry() for one record. Errors also: NotFound; why it still cannot be used.
  Status retry_one(const QuarantinedRecord& record, Timestamp now, const Use& use);

 private:
  // What came of each.
  Result<std::vector<Status>> try_again(std::span<const QuarantinedRecord> records, Timestamp now,
                                        const UseTogether& use);
  struct State;
  explicit Quarantine(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
