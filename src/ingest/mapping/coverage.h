// Which fields of a source's records reach OCSF, which are kept beside it, and which nobody reads.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/mapping.h"

namespace winnow {

enum class FieldFate : std::uint8_t { Ocsf, Unmapped, Ignored };
std::string_view name_of(FieldFate fate);  // "ocsf", "unmapped", "ignored"

// Of one record: how many keys with values it has, and how many of them its mapping does not read.
struct KeyCounts {
  std::uint32_t all = 0, unknown = 0;
};
// Reads the whole record: for a sample of them. `event` is the one that it was mapped to.
KeyCounts count_keys(const MappedEvent& event, RecordForm form, std::string_view raw);

struct EventCoverage {
  std::uint64_t records = 0;
  struct FieldCount {
    std::uint64_t records = 0;  // that have it
    FieldFate fate = FieldFate::Ignored;
  };
  std::map<std::string, FieldCount, std::less<>> fields;  // by path; "*" for items
};

// Reads every field of every record: for people, not for the hot path.
class Coverage {
 public:
  static constexpr std::size_t kMaxFields = 20'000;  // told apart of one kind of event

  explicit Coverage(Mapping mapping);

  void add(RecordForm form, std::string_view raw);

  std::uint64_t records() const { return records_; }
  std::span<const EventCoverage> events() const { return events_; }  // as mapping().events()
  const Mapping& mapping() const { return reader_.mapping(); }
  // Why records could not be read, and how many for each.
  const std::map<std::string, std::uint64_t>& refused() const { return refused_; }

 private:
  LogReader reader_;
  std::vector<EventCoverage> events_;
  std::map<std::string, std::uint64_t> refused_;
  std::uint64_t records_ = 0;
};

}  // namespace winnow
