// Reads lists of indicators in the forms they are published in. What cannot be used is counted and
// named, never dropped silently.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "intel/indicator.h"

namespace winnow {

enum class ListFormat : std::uint8_t {
  Plain,  // one value a line; what follows a blank is a comment, as is a line that begins with # ;
          // or //
  Csv,    // RFC 4180, the values in one column
  Hosts,  // an address, then names: 0.0.0.0 bad.example
  Json,   // an array of texts
  Misp,   // a MISP warning list (list.json); its substrings only where the kind is named
  Stix,   // a STIX 2.1 bundle, TAXII envelope, array of objects or one object
};
std::string_view name_of(ListFormat format);  // "plain", "csv", "hosts", "json", "misp", "stix"
Result<ListFormat> list_format(std::string_view name);  // Errors: InvalidArgument
ListFormat recognise_list_format(
    std::string_view bytes);  // Plain when nothing else fits; Csv is never guessed

struct ListOptions {
  std::string source = {};                 // becomes Indicator::source
  std::optional<ListFormat> format = {};   // absent: recognised
  std::optional<IndicatorKind> kind = {};  // absent: recognised for each value
  std::vector<std::string> labels = {};    // for all; a STIX indicator adds its own
  bool with_subdomains = false;
  std::uint32_t rank = 0;
  std::uint8_t confidence = 0;               // where the record itself has none
  std::optional<Timestamp> first_seen = {};  // likewise
  std::optional<Timestamp> expires = {};     // likewise
  // Csv: columns by their name in the first line, or as #1, #2, ... in a file without such a line.
  std::string column = {};             // of the values; needed for Csv
  std::string rank_column = {};        // "" for none, as below
  std::string first_seen_column = {};  // a time without zone is UTC
  char separator = ',';
  std::size_t max_bytes = 512UL << 20;
};

struct RefusedRecord {
  std::uint64_t position;  // line, or number of the record, from 1
  std::string reason;
};

struct ListReport {
  ListFormat format = ListFormat::Plain;
  std::uint64_t indicators = 0;  // given to the sink
  std::uint64_t refused = 0;     // records that gave none, or not all that they say
  std::uint64_t ignored =
      0;  // STIX objects of other types, revoked indicators, the names of the host itself
  std::vector<RefusedRecord> examples;  // the first kMaxExamples refused ones
  static constexpr std::size_t kMaxExamples = 100;
};

using IndicatorSink = std::function<void(const Indicator&)>;

// Gives every indicator in `bytes` to `sink`, in normal form. Of a STIX indicator `first_seen` is
// the later of valid_from and created: when it could be known. Errors: InvalidArgument (not in the
// format at all, no such column), Exhausted (too large).
Result<ListReport> read_indicators(std::string_view bytes, const ListOptions& options,
                                   const IndicatorSink& sink);

}  // namespace winnow
