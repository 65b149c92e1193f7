// The append-only record of who changed what, when and why: a Merkle tree with signed checkpoints,
// so that anyone can verify it without Winnow. Format: docs/formats/audit-log.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "registry/checkpoint.h"
#include "registry/key_ring.h"
#include "registry/merkle.h"
#include "store/access.h"

namespace winnow {

struct AuditEntry {
  Timestamp time;
  std::string actor;    // who: a user, "winnow" for what happens by itself
  std::string action;   // what: "run.recorded", "deployment.promoted", noun dot past participle
  std::string subject;  // of what: an id
  Json details = Json::object();
};
Result<std::string> canonical(const AuditEntry& entry);    // RFC 8785. Errors: InvalidArgument
Result<AuditEntry> audit_entry_of(std::string_view text);  // Errors: InvalidArgument

// Everything an independent verifier needs; text form: https://c2sp.org/tlog-proof.
struct InclusionProof {
  std::uint64_t index = 0;
  std::string entry;  // the canonical bytes
  merkle::Proof hashes;
  std::string checkpoint;  // signed note
};
std::string to_text(const InclusionProof& proof);
struct ConsistencyProof {
  std::uint64_t before = 0, after = 0;
  merkle::Proof hashes;
  std::string checkpoint;  // of `after`
};

// Thread-safe. Several processes may append to one log: each takes its turn under a lock and
// continues what the others wrote. Between its turns a log shows what it knew after the last one.
class AuditLog {
 public:
  // Opens the log in `folder`; for ReadWrite an absent folder becomes an empty log. `keys` outlives
  // it. What a crash left behind the last checkpoint was never acknowledged and is cut off. Errors:
  // Corrupt (entries and checkpoint disagree: run verify), Conflict (others hold the lock for
  // seconds), Denied, Unavailable.
  static Result<AuditLog> open(const Path& folder, const KeyRing& keys, Access access);
  AuditLog(AuditLog&&) noexcept;
  AuditLog& operator=(AuditLog&&) noexcept;
  ~AuditLog();

  // Makes the entries durable with a signed checkpoint over them, then returns the position of the
  // first, counted from 0. Cost: one fdatasync and one signature a batch, whatever its size.
  // Errors: InvalidArgument (not UTF-8), Exhausted (disk full), Unavailable, Denied (read only),
  // Conflict (others hold the lock for seconds).
  Result<std::uint64_t> append(std::span<const AuditEntry> entries);
  Result<std::uint64_t> append(const AuditEntry& entry) { return append(std::span(&entry, 1)); }

  // Shows what other processes appended since; costs two look-ups in the file system when nobody
  // did. Errors: as open().
  Status refresh();

  std::uint64_t size() const;
  std::string origin() const;      // names this log in its checkpoints
  std::string checkpoint() const;  // the latest signed note
  Result<std::string> entry(
      std::uint64_t index) const;  // its canonical bytes. Errors: NotFound, Corrupt
  // Calls `visit` for entries [from, to) in order until it returns false. Errors: Corrupt, and of
  // `visit`.
  Status scan(
      std::uint64_t from, std::uint64_t to,
      const std::function<Result<bool>(std::uint64_t index, std::string_view entry)>& visit) const;

  Result<InclusionProof> prove(
      std::uint64_t index) const;  // under the latest checkpoint. Errors: NotFound, Corrupt
  Result<merkle::Proof> inclusion_hashes(std::uint64_t index,
                                         std::uint64_t size) const;  // without reading the entry
  Result<ConsistencyProof> prove_growth(
      std::uint64_t before) const;  // from that size to the latest. Errors: NotFound

  struct State;

 private:
  explicit AuditLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What verify_audit_log found. Findings stand in the order of the log.
struct AuditFinding {
  std::string what;                    // "entry 17 was edited: ..."
  std::optional<std::uint64_t> entry;  // the first one concerned
  std::optional<Timestamp> since;      // time of the last entry that is proven unchanged
};
struct AuditVerification {
  std::uint64_t entries = 0;  // proven by a signed checkpoint
  std::uint64_t checkpoints = 0;
  Checkpoint latest;
  std::uint64_t unfinished_bytes = 0;  // behind the last checkpoint: never acknowledged
  std::vector<AuditFinding> findings;
  bool holds() const { return findings.empty(); }
};
// Reads the whole log, changing nothing; works while somebody appends. `known` are checkpoints kept
// elsewhere: the log must be consistent with each. Finds deletion, edits, reordering, truncation
// (also of the newest entries), forged checkpoints. Errors: NotFound, Unavailable; damage is a
// finding, not an error.
Result<AuditVerification> verify_audit_log(const Path& folder, const KeyRing& keys,
                                           std::span<const std::string> known, Progress& progress);

}  // namespace winnow
