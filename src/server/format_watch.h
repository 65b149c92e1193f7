// Whether sources still write what their mappings expect. A source that changes its format loses
// nothing (what cannot be mapped is in quarantine, what a mapping does not know stays in the raw
// bytes), but somebody has to be told.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/timestamp.h"
#include "ingest/mapping/coverage.h"

namespace winnow::server {

// Thread-safe. `clock` outlives it.
class FormatWatch {
 public:
  static constexpr std::size_t kWindow = 200;  // records of a source that are looked at together;
  static constexpr std::size_t kLeast = 20;    // or so many, once they took
  static constexpr std::chrono::minutes kLong{5};
  // By how much a window's share must rise above what is usual.
  static constexpr double kUnmappableRise = 0.2, kUnknownRise = 0.1, kUnreadableRise = 0.2;
  // Of a field: so many values are looked at together. Rare ones take several windows.
  static constexpr std::size_t kLeastValues = 5;
  static constexpr std::size_t kForgetAfter = 10;  // windows without a value of it
  static constexpr std::size_t kMostToldFields = 10;
  static constexpr std::size_t kAccepted = 50;      // windows of an alarm, then the new is usual
  static constexpr std::size_t kMostSources = 200;  // beyond, newcomers are not watched

  explicit FormatWatch(const Clock& clock) : clock_(&clock) {}

  // One record of another log than mail was mapped, or went to quarantine; `keys` of the records in
  // which they were counted. Logs the begin and the end of an alarm.
  void note(std::string_view source, bool is_mapped, const std::optional<KeyCounts>& keys);

  struct Source {
    double unmappable = 0, unknown_keys = 0;  // shares of the newest whole window
    // Fields that say nonsense to their mapping, each with the share of its newest values: the
    // greatest first.
    std::vector<std::pair<std::string, double>> unreadable = {};
    std::optional<Timestamp> changed = {};  // since when the alarm stands
    std::string why = {};                   // for people; empty without an alarm
  };
  using Sources = std::map<std::string, Source, std::less<>>;
  Sources sources() const;  // of which a whole window came

 private:
  struct Shares {
    double unmappable = 0, unknown = 0;
  };
  // A field that its mapping reads for an attribute.
  struct Field {
    std::uint64_t values = 0, unreadable = 0;  // since it was last looked at
    std::optional<double> usual, latest;       // the share of the unreadable
    std::size_t silent = 0;                    // windows since its last value
    double allowed() const;                    // more is an alarm
  };
  using Fields = std::map<std::string, Field, std::less<>>;  // bounded by what mappings name
  struct Known {
    std::uint64_t records = 0, unmappable = 0, keys = 0, unknown = 0;  // of the window
    Fields fields;
    Timestamp begun;
    std::optional<Shares> usual;  // absent until a window is whole
    std::size_t alarmed = 0;      // windows since the alarm began
    Source told;
  };
  void end_window(std::string_view name, Known& known, Timestamp now) const;
  static std::string look_at(Fields& fields, Source& told);
  static void follow(Fields& fields, bool is_accepted);

  const Clock* clock_;
  mutable std::mutex mutex_;  // of the next
  std::map<std::string, Known, std::less<>> sources_;
};

}  // namespace winnow::server
