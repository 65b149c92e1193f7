// What an open IntelSnapshot holds.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/file.h"
#include "intel/detail/snapshot_tail.h"
#include "intel/detail/snapshot_view.h"
#include "intel/intel_snapshot.h"

namespace winnow {

struct IntelSnapshot::State {
  State(std::optional<MappedFile> file, std::string bytes, detail::SnapshotView checked,
        detail::SnapshotTail read)
      : mapped(std::move(file)),
        owned(std::move(bytes)),
        view(std::move(checked)),
        tail(std::move(read)) {}

  std::optional<MappedFile> mapped;  // the bytes are in one of the two
  std::string owned;
  detail::SnapshotView view;
  detail::SnapshotTail tail;
};

namespace detail {

// A statement counts from when it was first seen until it expires.
inline bool counts_at(const SnapshotView::Attribution& one, Timestamp at) {
  const bool seen = (one.known_times & kFirstSeenKnown) == 0 || one.first_seen <= at.micros();
  const bool expired = (one.known_times & kExpiryKnown) != 0 && one.expires <= at.micros();
  return seen && !expired;
}

}  // namespace detail
}  // namespace winnow
