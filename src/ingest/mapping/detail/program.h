// A mapping as it runs: what of a record goes where. mapping_reader.cc makes it out of YAML,
// mapping.cc runs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json_scan.h"
#include "ingest/mapping/detail/text_map.h"
#include "ingest/mapping/detail/text_pattern.h"
#include "ingest/mapping/detail/time_format.h"
#include "ocsf/class_schema.h"
#include "ocsf/event.h"

namespace winnow::mapping {

// How a cell's text becomes a value.
enum class Conversion : std::uint8_t {
  Text,
  Lower,   // ASCII letters in lower case
  Domain,  // in lower case, without a final dot
  Int,     // decimal, also with zeros behind a dot; or hexadecimal behind 0x
  Port,    // 0 to 65535
  Real,
  Bool,      // true, false, T, F, yes, no, 1, 0
  Hex,       // a number as "0x3e7", however it is written
  Leaf,      // what stands behind the last '/' or '\': of a path, a registry key, DOMAIN\name
  Above,     // what stands in front of it
  Ip,        // canonical text
  NoIp,      // a name: text that is no address
  Mac,       // six bytes in hexadecimal, in lower case with colons
  Email,     // as the schema wants it: local@host.tld
  Uuid,      // in lower case, without braces
  Time,      // RFC 3339, with or without its offset (then UTC)
  Seconds,   // since 1970, with or without a fraction; or as Time
  Millis,    // since 1970, or as Time
  Filetime,  // 100 nanoseconds since 1601
  Interval,  // seconds, with or without a fraction, as milliseconds
  Nanos,     // an interval of nanoseconds, as milliseconds
  AsIs,      // the type that it has in its record; objects and lists as JSON text
};

// What a mapping says itself.
struct Constant {
  std::variant<bool, std::int64_t, double, std::string> value;
};

struct Table {
  TextMap<Constant> rows;
  std::vector<std::pair<std::string, Constant>> prefixes;  // rows written "Get*"; the longest first
};

struct Operand {
  JsonSelection::Place place;           // while it is compiled its column is the number of its path
  std::string path;                     // as written, for people
  std::string after = {}, before = {};  // only what stands behind the one and in front of the other
  std::string behind = {};              // and of that only what stands behind the last of it
  bool is_part() const { return !after.empty() || !before.empty() || !behind.empty(); }
  // Of a list: the first row of which this column holds `row_is`; none: the first row.
  std::optional<JsonSelection::Place> row_where = {};
  std::string row_is = {};
};

// A field whose text is an object, of JSON or of the XML of a Windows event's data: its members are
// read as if they stood there themselves.
struct NestedText {
  enum class Form : std::uint8_t { Json, EventData };
  Operand operand;
  JsonSelection::Path path;
  Form form = Form::Json;
};

// Where one value comes from.
struct Source {
  enum class How : std::uint8_t {
    Constant,
    First,  // of the operands, the first that has a value
    Sum,    // of those that have one
    Join,   // of all; nothing where one has none
    Each,   // the items of a list
  };
  How how = How::First;
  std::vector<Operand> operands = {};
  Conversion conversion = Conversion::Text;
  std::vector<TimeFormat> formats =
      {};                      // of a time, instead of the conversion: the first that fits
  bool as_millis = false;      // of a time: as the schema counts them
  bool is_lenient = false;     // what does not convert is no mistake of the record
  bool is_texts = false;       // a list of texts, also of one
  std::string separator = {};  // of Join; of a text that is split into texts
  std::vector<std::string> words =
      {};  // the only texts that the attribute may hold, sorted; none: any
  std::vector<std::int64_t> numbers =
      {};  // the only numbers that the attribute may hold, sorted; none: any
  std::optional<std::uint32_t> table = {};
  std::optional<Constant> otherwise = {};  // where there is no value, or the table does not have it
  std::optional<Constant> constant = {};
};

struct Assignment {
  ocsf::Attribute attribute;
  ocsf::Attribute spare;  // where it goes when its object lacks what the schema needs of it
  Source source;
  bool is_required = false;  // without it the record is not mapped
};

// A member of a list's rows whose text is an entity.
struct RowEntity {
  ocsf::EntityKind kind;
  ocsf::Role role;
  std::optional<std::size_t> row;  // none: of every row
  std::size_t field;
};

// Records of a list: one for each row of a list of the record, or those that the mapping names
// itself, one for each of `fields`.
struct RecordList {
  ocsf::Attribute attribute;
  std::optional<Operand> rows;
  std::vector<std::vector<Assignment>>
      fields;  // of a row; without its required ones it is left out
  std::vector<std::vector<std::uint32_t>>
      one_of;  // of a row's fields: without any of them it is left out; none: nothing is asked
  std::vector<RowEntity> entities = {};
};

// One bit an assignment, by their numbers.
using Bits = std::vector<std::uint64_t>;

// What the schema needs of an object, of the assignments by their numbers.
struct ObjectCheck {
  struct Need {
    std::string name;                    // for people
    std::vector<std::uint32_t> numbers;  // one of them must have a value
  };
  std::string at;  // the object; empty: the event
  std::vector<Need> needs;
  std::vector<std::uint32_t> members;
  Bits bits = {};  // of the members, then of each need; as many words each as all assignments take
};

// How the value of an assignment is found. Nearly all take one cell as it is, or look it up in a
// table: what that needs lies close together, so that a record pays little for what it does not
// have.
struct Step {
  enum class Takes : std::uint8_t { Nothing, Cell, Lookup, Anything };  // the last: its Source
  ocsf::Attribute attribute;
  Takes takes = Takes::Anything;
  Conversion conversion = Conversion::Text;
  bool as_millis = false;
  std::uint32_t column = 0;
  ocsf::Value otherwise = {};  // its text lies in the event program's constants
};

struct EntityName {
  ocsf::EntityKind kind;
  ocsf::Role role;
  std::vector<std::uint32_t> assignments;  // several: their texts, joined by '/'
};

struct Condition {
  enum class Asks : std::uint8_t { Is, Not, Has, Lacks };
  Asks asks = Asks::Has;
  Operand operand;
  std::vector<std::string> values = {};  // of Is, and Not
};

struct EventProgram {
  std::string name;
  std::vector<std::vector<Condition>> when;  // all conditions of one of them; none: always
  ocsf::ClassUid class_uid = ocsf::ClassUid::BaseEvent;
  Source time;
  std::vector<Assignment> assignments;  // those from unmapped fields too
  std::vector<RecordList> lists;
  std::vector<ObjectCheck> checks;  // deepest first
  std::vector<EntityName> entities;

  // Made of what stands above, when all of it is known.
  std::vector<Step> steps;  // by assignment
  Bits required;
  std::vector<char> constants;  // the texts that the mapping says itself, behind each other
};

// What is wanted of the lines of one kind.
struct LineKind {
  TextMap<std::uint32_t> columns;  // of their keys
  // The values of a0, a1, ... as one text: "a", and its column.
  std::vector<std::pair<std::string, std::uint32_t>> numbered = {};
};

// Of a source that writes lines of text.
struct TextShape {
  enum class Kind : std::uint8_t { Pairs, Words, Patterns, Csv, Cef, Leef };
  Kind kind = Kind::Pairs;
  std::vector<std::string> words;     // in their order; of Words, a header may tell another
  char separator = ',';               // of Csv
  std::vector<TextPattern> patterns;  // a line is of the first that matches it
  TextMap<bool> encoded;              // keys whose value may be written in hexadecimal digits
  TextMap<std::uint32_t> columns;     // of the wanted names
  // Of a source that writes an event as several lines: the key whose value is a line's kind. None:
  // a record is one line.
  std::string kind_key = {};
  TextMap<LineKind> kinds = {};
  std::vector<std::pair<std::string, std::string>> numbered = {};  // "EXECVE.args", "a"
};

struct Program {
  JsonSelection selection;
  std::optional<TextShape> text;
  std::vector<JsonSelection::Path> paths;  // of the selection, in its order
  std::vector<NestedText> nested_texts;
  std::vector<Condition> recognised;  // a record of this source passes them
  std::vector<Table> tables;
  std::vector<std::string> absent;  // texts that stand for no value
  std::size_t longest_absent = 0;
  std::vector<EventProgram> events;

  // One of the ways in which a record can be an event. The candidates by the value of one field, so
  // that they are not tried one by one.
  struct Way {
    std::uint32_t event;
    std::vector<Condition> conditions;
  };
  std::vector<Way> ways;
  std::optional<Operand> switch_on;
  TextMap<std::vector<std::uint32_t>> cases;
  std::vector<std::uint32_t> other_cases;
};

}  // namespace winnow::mapping
