// How the records of one log source become OCSF events: a YAML file (content/mappings/*.yaml, an
// artifact), compiled to a program that reads each record once. Language: docs/mappings.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/json.h"
#include "base/json_scan.h"
#include "base/result.h"
#include "base/yaml.h"
#include "ingest/records/raw_record.h"
#include "ocsf/domain.h"
#include "ocsf/event.h"

namespace winnow {

namespace mapping {
class Recogniser;
}

enum class LogFormat : std::uint8_t {
  Json,       // one object a line
  JsonOrTsv,  // the same, or tab-separated values below the header lines of Zeek
  Pairs,      // lines of text: pairs of a key and a value
  Words,      // lines of text: words in an order that the mapping or a header tells
  Text,       // lines of text that are of one of the mapping's patterns
  Csv,        // rows of delimited text, whose columns the mapping names
  Cef,        // lines of ArcSight's Common Event Format
  Leef,       // lines of IBM's Log Event Extended Format
};

// What a path of a record is read for.
struct ReadPath {
  std::string field;                    // the path as its mapping writes it: one for all shapes
  std::vector<std::string> attributes;  // in the order of the mapping; "time" of the event's own
};

// One of the kinds of events of a source, with the paths of a record that it reads: for attributes,
// and to be kept under `unmapped` (sorted).
struct MappedEvent {
  std::string name;
  ocsf::ClassUid class_uid;
  std::map<std::string, ReadPath, std::less<>> attribute_paths;
  std::vector<std::string> unmapped_paths;
};

// A record with what must come of it: the mapping's own test, written in its file.
struct MappingExample {
  std::string name;
  std::string in;  // one record, or header lines and one row
  Json out;        // members of the event's JSON, by their path; null: it must be absent
  std::optional<Timestamp> arrived = {};  // when it came: tells the year where the record does not
  int line = 0;
};

// Immutable; thread-safe; cheap to copy (copies share).
class Mapping {
 public:
  // Errors: InvalidArgument ("FILE:LINE: ..." and the nearest valid name).
  static Result<Mapping> compile(const Yaml& yaml);
  // From canonical(). Errors: Corrupt.
  static Result<Mapping> from_canonical(std::string_view bytes);

  const std::string& name() const;   // "suricata"
  const std::string& title() const;  // "Suricata EVE"
  Domain domain() const;             // where its events are decided
  LogFormat format() const;
  std::span<const MappedEvent> events() const;
  // The names of the fields of a line of text that have a value. Of JSON, none.
  std::vector<std::string> line_fields(std::string_view line) const;
  // The line above a file's rows of delimited text, which names their columns; empty: of another
  // format.
  std::string header_line() const;
  // The paths whose text is an object, of which the members are read as if they stood there.
  std::span<const std::string> nested_texts() const;
  std::span<const MappingExample> examples() const;

  // Everything it says, and the rule of each time zone that it names, as canonical JSON (RFC 8785):
  // the artifact.
  const std::string& canonical() const;
  const Digest& digest() const;  // SHA-256 of canonical()

 private:
  friend class LogReader;
  friend class mapping::Recogniser;
  struct State;
  explicit Mapping(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

// What those who brought a record say of it: taken where the record does not say it itself.
struct LogOrigin {
  std::optional<Timestamp> time = {};  // when it happened
  // When it came, or is known to have happened: a time without a year is about then.
  std::optional<Timestamp> arrived = {};
  std::string_view host = {}, app = {};  // which reported it: metadata.reporter, log_provider
};

// Reads records with a mapping, one after the other, with buffers of its own. One thread at a time.
class LogReader {
 public:
  explicit LogReader(Mapping mapping);
  LogReader(LogReader&&) noexcept;
  LogReader& operator=(LogReader&&) noexcept;
  ~LogReader();

  const Mapping& mapping() const;
  // Whether this is a record of the source: the mapping's `recognise`.
  bool recognises(RecordForm form, std::string_view raw);
  // The event of a record, of which `digest` is the SHA-256 (of the record as received, where it
  // came in an envelope). What the record says wrongly, and what
  // the schema has no room for, is under `unmapped`. Errors: InvalidArgument (unreadable; none of
  // the mapping's events; without a usable time or what its class needs), naming the field.
  Result<ocsf::Event> read(RecordForm form, std::string_view raw, const Digest& digest,
                           const LogOrigin& origin = {});
  // The same with the number of the event in events(): which of the kinds the record is.
  struct Read {
    std::size_t kind;
    ocsf::Event event;
  };
  Result<Read> read_kind(RecordForm form, std::string_view raw, const Digest& digest,
                         const LogOrigin& origin = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow
