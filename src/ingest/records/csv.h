// Delimited text as RFC 4180 describes it and as exports really are: any of , ; tab |, any line
// ends, quotes where they do not belong.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// The outcome of looking for one record at the front of a text.
struct CsvScan {
  enum class Outcome : std::uint8_t {
    Record,   // a whole record
    More,     // the text ends first: a longer one is needed to tell
    Unclosed  // the text ends within a quoted field, and nothing follows it
  };
  Outcome outcome = Outcome::More;
  std::size_t size = 0;   // of the record with its line end, when it is whole
  std::size_t lines = 0;  // line ends in it: a quoted field may hold some
};

// Finds where the record at the front of `text` ends. `last` says that nothing follows the text.
// A quote opens a field only as its first character, and closes it only before a delimiter, a line
// end or the end of the text: others count as text, since exports forget to double them.
CsvScan scan_csv_record(std::string_view text, char delimiter, bool last);

// The fields of one whole record, unquoted. An empty record has one empty field.
std::vector<std::string> read_csv_fields(std::string_view record, char delimiter);

// The delimiter of a header line: the one of , ; tab | that splits it into most fields, and a comma
// where none does.
char find_csv_delimiter(std::string_view header_line);

// Appends `field`, quoted where it must be. The caller writes delimiters and line ends.
void append_csv_field(std::string& out, std::string_view field, char delimiter = ',');

}  // namespace winnow
