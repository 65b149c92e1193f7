// What one step of the decider reads from the log, as long as its decisions wait for their reasons.
#pragma once

#include <deque>

#include "pipeline/decider.h"

namespace winnow {

class Decider::EventsAtHand {
 public:
  EventsAtHand(Decider& decider, const MappedEvents& mapped) : decider_(decider), mapped_(mapped) {
    decider_.batch_.forget();  // what a step that failed left
  }

  // Null where it has to be read.
  const ocsf::Event* mapped(const Digest& digest) const {
    const auto found = mapped_.find(digest);
    return found == mapped_.end() ? nullptr : &found->second;
  }
  // From the log; null when nothing can be read. What was read before may go.
  Result<const ocsf::Event*> read(const StoredEvent& stored) {
    if (raw_bytes_ >= kMostBytes) {
      decider_.batch_.explain();  // which is what needs them
      read_.clear();
      raw_bytes_ = 0;
    }
    WINNOW_TRY(auto event, decider_.read(stored));
    if (!event) return nullptr;
    raw_bytes_ += stored.raw_bytes;
    return &read_.emplace_back(std::move(*event));
  }

 private:
  static constexpr std::uint64_t kMostBytes = 8UL << 20;

  Decider& decider_;
  const MappedEvents& mapped_;
  std::deque<ocsf::Event> read_;
  std::uint64_t raw_bytes_ = 0;
};

}  // namespace winnow
