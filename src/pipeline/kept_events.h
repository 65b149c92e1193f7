// Events that somebody wanted decided and that the bundle of the day could not read, with the place
// of each in the event log: they wait for a bundle that can (ADR 19). They stand beside the entity
// states, so that an event is decided, becomes part of the states and waits no longer in one write.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "store/lmdb.h"

namespace winnow {

struct KeptEvent {
  std::uint64_t id = 0;  // in the event log: the order of arrival
  Digest digest;
  std::string mapping = {};  // that reads it, as in the event log; empty: mail's
  // Whether these states passed it over and so lack it. Of others nobody knows: they are decided,
  // and not folded in, so that nothing counts twice.
  bool is_missing = false;
};

// How many wait, by mapping.
using KeptCounts = std::map<std::string, std::uint64_t, std::less<>>;

// The table of one domain. One thread at a time.
class KeptEvents {
 public:
  // For states of this history. Reads all of it once. Errors: Corrupt, Unavailable.
  static Result<KeptEvents> open(Lmdb& lmdb, std::string history);
  // The next `limit` behind the event with id `after`, in the order of arrival.
  Result<std::vector<KeptEvent>> behind(const Lmdb& lmdb, std::uint64_t after,
                                        std::size_t limit) const;
  // Which of the events from `after` (excluded) through `through` are kept.
  Result<std::set<std::uint64_t>> among(const Lmdb& lmdb, std::uint64_t after,
                                        std::uint64_t through) const;
  Result<std::optional<KeptEvent>> find(const Lmdb& lmdb, std::uint64_t id) const;

  // As part of the caller's write, which may be run again: what is added again stands there as it
  // was added last. They count once the write is done and committed() says so.
  Status change(LmdbWriter& writer, std::span<const KeptEvent> added,
                std::span<const std::uint64_t> settled);
  void committed() { counts_ = changed_; }
  // The same: what waits with other states is all that waits here. Of the events that these states
  // are known to lack they still lack those; of the others nobody knows.
  Status take_over(LmdbWriter& writer, std::span<const KeptEvent> waiting);

  const KeptCounts& counts() const { return counts_; }

 private:
  KeptEvents(LmdbTable table, std::string history) : table_(table), history_(std::move(history)) {}
  Result<KeptEvent> event_of(std::string_view key, std::string_view value) const;
  Status put(LmdbWriter& writer, const KeptEvent& event) const;
  // Counts one less of what stands there, if anything does.
  Status discount(const LmdbWriter& writer, std::uint64_t id);

  LmdbTable table_;  // id, big endian -> history that lacks it (or none), digest, mapping
  std::string history_;
  KeptCounts counts_, changed_;
  std::uint64_t last_ = 0;  // no event behind it was ever kept
};

}  // namespace winnow
