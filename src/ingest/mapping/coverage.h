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

// The paths of the fields that say nonsense to the mapping which made the event: of its
// `unmapped.unreadable`. Borrowed from the event.
std::vector<std::string_view> unreadable_fields(const ocsf::Event& event);

// Of one record: how many keys with values it has, and how many of them its mapping does not read.
struct KeyCounts {
  std::uint32_t all = 0, unknown = 0;
  struct Field {
    std::string path;  // as the mapping names it
    bool is_unreadable = false;
  };
  std::vector<Field> fields = {};  // that are there and read for attributes
};

struct EventCoverage {
  std::uint64_t records = 0;
  struct FieldCount {
    std::uint64_t records = 0;     // that have it
    std::uint64_t unreadable = 0;  // of them: those in which it could not become the attribute
    FieldFate fate = FieldFate::Ignored;
    std::vector<std::string> attributes = {};  // that it is for; none: it reaches no OCSF
  };
  std::map<std::string, FieldCount, std::less<>> fields;  // by path; "*" for items
};

// `mapping` made `event` of the record, as the one of this number in events(). Reads the whole
// record: for a sample of them.
KeyCounts count_keys(const Mapping& mapping, std::size_t kind, const ocsf::Event& event,
                     RecordForm form, std::string_view raw);

// Reads every field of every record: for people, not for the hot path.
class Coverage {
 public:
  static constexpr std::size_t kMaxFields = 20'000;  // told apart of one kind of event

  explicit Coverage(Mapping mapping);

  // `arrived`: as LogOrigin has it.
  void add(RecordForm form, std::string_view raw, Timestamp arrived);

  std::uint64_t records() const { return records_; }
  std::span<const EventCoverage> events() const { return events_; }  // as mapping().events()
  const Mapping& mapping() const { return reader_.mapping(); }
  // Why records could not be read, and how many for each.
  using Reasons = std::map<std::string, std::uint64_t, std::less<>>;
  const Reasons& refused() const { return refused_; }

 private:
  void refuse(std::string_view why);

  LogReader reader_;
  std::vector<EventCoverage> events_;
  Reasons refused_;
  std::uint64_t records_ = 0;
};

}  // namespace winnow
