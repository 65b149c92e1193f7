// What the index knows of events that stand behind each other, as bytes: all that an event brought
// with it, not what was said of it later.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ingest/event_log.h"

namespace winnow {

inline constexpr std::size_t kPackEvents = 128;  // about three pages

// Of at most kPackEvents events.
std::string pack_events(std::span<const StoredEvent> events);

// Reads each event where it stands, without the others.
class EventPack {
 public:
  // `first` is the id of the first event, `last` of the last. Errors: Corrupt.
  static Result<EventPack> open(std::string bytes, std::uint64_t first, std::uint64_t last);

  std::uint64_t first() const { return first_; }
  std::uint64_t last() const { return last_; }
  Result<StoredEvent> event(std::uint64_t id) const;  // first() to last(). Errors: Corrupt

 private:
  struct Origin {  // what many events have in common
    RecordForm form = RecordForm::Mail;
    std::uint64_t segment = 0;
    std::string source, mapping;
    bool operator==(const Origin&) const = default;
  };
  friend std::string pack_events(std::span<const StoredEvent> events);
  EventPack(std::string bytes, std::uint64_t first, std::uint64_t last)
      : bytes_(std::move(bytes)), first_(first), last_(last) {}

  std::string bytes_;
  std::uint64_t first_, last_;
  std::vector<Origin> origins_;
};

}  // namespace winnow
