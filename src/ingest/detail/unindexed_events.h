// Events that stand in the log and wait for their place in its index, so that who stored them need
// not. They have their ids already: one process writes.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/digest.h"
#include "ingest/detail/event_index.h"
#include "ingest/event_log.h"

namespace winnow {

class UnindexedEvents {
 public:
  // Whether they are nothing but events without labels: what is said of others has to be indexed.
  static bool can_hold(const std::vector<IndexedEntry>& entries);

  bool is_empty() const { return entries_.empty(); }
  // The index ends with this id; only while it is empty.
  void begin_behind(std::uint64_t last_id) { before_ = last_id; }
  // What the log holds up to `end`.
  void add(std::vector<IndexedEntry> entries, RecordPosition end);

  RecordPosition end() const { return end_; }
  std::uint64_t last_id() const { return before_ + entries_.size(); }
  std::optional<StoredEvent> find(const Digest& digest) const;
  // Whether all events behind the one with this id are among these.
  bool holds_all_behind(std::uint64_t id) const { return !is_empty() && id >= before_; }
  // The first `limit` of them.
  std::vector<StoredEvent> behind(std::uint64_t id, std::size_t limit) const;

  // All of them, which are its no longer.
  std::vector<IndexedEntry> take();

 private:
  std::uint64_t before_ = 0;  // the id before the first one's
  std::vector<IndexedEntry> entries_;
  std::unordered_map<Digest, std::size_t> places_;  // in `entries_`
  RecordPosition end_;
};

}  // namespace winnow
