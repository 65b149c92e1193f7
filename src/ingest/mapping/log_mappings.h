// The mappings of a workspace together, and the one place that decides which of them reads a
// record, whichever way it came: the one that its sender or the configuration names, else the one
// that recognises it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/coverage.h"
#include "ingest/mapping/mapping.h"
#include "ingest/records/envelope.h"

namespace winnow {

// Why a record is in quarantine that may be read by a mapping that cannot be had now: whoever mends
// one finds by this text what is to be tried again.
inline constexpr std::string_view kAwaitsMapping =
    "the mapping that reads it may be one that does not compile now: it is tried again when that "
    "is mended";

// What those who keep a record know of its time.
struct RecordTimes {
  std::optional<Timestamp> reported = {};  // when it happened, as whoever brought it says
  std::optional<Timestamp> arrived = {};   // LogOrigin::arrived
};

// One thread at a time.
class LogMappings {
 public:
  // `broken`: names of mappings that cannot be had now. What may be theirs waits (kAwaitsMapping).
  explicit LogMappings(std::vector<Mapping> mappings, std::vector<std::string> broken = {});
  LogMappings(LogMappings&&) noexcept;
  LogMappings& operator=(LogMappings&&) noexcept;
  ~LogMappings();

  // The name of the mapping that reads the record, which may be in an envelope: the one called
  // `named`, or as a part of HEC's sourcetype ("aws:cloudtrail"), also where it would not recognise
  // the record, or is broken; else the one of which the record shows all signs. Errors:
  // InvalidArgument (none; says which come nearest, or kAwaitsMapping; or it is unreadable).
  Result<std::string> choose(RecordForm form, std::string_view raw, std::string_view named = {});

  struct Mapped {
    std::string mapping;  // the name of the one that read it
    ocsf::Event event;
  };
  // By the one that recognises it. Errors: as choose(), as LogReader::read().
  Result<Mapped> read(RecordForm form, std::string_view raw, const Digest& digest,
                      const RecordTimes& times = {});
  // By the mapping of that name; `digest` is that of `raw`, envelope and all.
  // Errors: NotFound; InvalidArgument (kAwaitsMapping: it is broken); as LogReader::read().
  Result<ocsf::Event> read(const std::string& mapping, RecordForm form, std::string_view raw,
                           const Digest& digest, const RecordTimes& times = {});

  // Whether a mapping of that name cannot be had now.
  bool is_broken(std::string_view name) const;
  // Whether it is the line that names the columns of the rows that `mapping` reads, however it is
  // quoted, spaced and spelt: no record. Empty: those of any mapping, as nobody reads it.
  bool is_header(std::string_view mapping, RecordForm form, std::string_view raw);

  // Of one in kSampled of the records that the mapping of that name reads; else nothing.
  static constexpr std::uint64_t kSampled = 8;
  std::optional<KeyCounts> count_keys(const std::string& mapping, RecordForm form,
                                      std::string_view raw, Timestamp arrived);
  // Null: there is none of the name.
  const Mapping* mapping(std::string_view name);

 private:
  LogReader* find(std::string_view name);

  std::vector<LogReader> readers_;  // by name
  std::vector<std::string> broken_;
  // Bare (log_mappings.cc), of those that have one, by name.
  std::map<std::string, std::string, std::less<>> headers_;
  std::unique_ptr<mapping::Recogniser> recogniser_;
  EnvelopeOpener envelopes_;
  std::uint64_t asked_ = 0;  // for keys
};

}  // namespace winnow
