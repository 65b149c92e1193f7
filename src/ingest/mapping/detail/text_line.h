// One line of text into the cells that a selection wants: words in an order that the mapping or a
// header tells, a row of delimited text, a line of a pattern, of CEF or LEEF, or pairs of a key and
// a value; of pairs also the lines of one event.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/detail/event_format.h"
#include "ingest/mapping/detail/program.h"

namespace winnow::mapping {

// The pairs of a line, one after the other: `key=value`, `key="value with blanks"`. What stands in
// single quotes are pairs too, beside the others; words without a '=' are passed over. Borrows the
// line.
class PairReader {
 public:
  struct Pair {
    std::string_view key, value;
    bool is_quoted = false;
  };

  explicit PairReader(std::string_view line) : rest_(line) {}
  bool next(Pair& out);  // false: there are no more

 private:
  std::string_view rest_;
};

// The words of a line, one after the other: between commas where the line has one, else between
// blanks. A word in double quotes may hold either. Borrows the line.
class WordReader {
 public:
  explicit WordReader(std::string_view line);
  bool next(std::string_view& out);

 private:
  std::string_view rest_;
  bool has_more_;
  char separator_;
};

// The value of `kind_key` in a line: of which kind it is; empty: of none.
std::string_view kind_of(std::string_view line, std::string_view kind_key);

// One thread at a time.
class TextScanner {
 public:
  // `record` is one line, or a header that names the words of the one below it, or several lines
  // of pairs where the program tells their kinds: a key has the value of the first line that has
  // it, and `KIND.key` that of the first line of this kind. Texts may lie in the scanner until its
  // next scan. Errors: InvalidArgument (a key that stands twice in a line, another number of words
  // or fields than names, several lines where a record is one, a line of no pattern, or not of the
  // format).
  Status scan(std::string_view record, const Program& program, JsonCells& cells);
  std::string_view bytes() const { return record_; }
  // The names of all its fields that have a value, whoever wants them; none where scan() fails.
  std::vector<std::string> fields(std::string_view record, const Program& program);

 private:
  struct Piece {  // of a text that is written as several numbered values
    const LineKind* kind;
    std::size_t which;  // of its numbered texts
    std::uint32_t number, part;
    std::string_view value;
    bool is_quoted;
  };
  Status scan_pairs(const Program& program, JsonCells& cells);
  Status scan_line(std::string_view line, const LineKind* kind, const Program& program,
                   JsonCells& cells);
  Status put(std::uint32_t column, const PairReader::Pair& pair, const Program& program,
             JsonCells& cells);
  void take_piece(const LineKind& kind, const PairReader::Pair& pair);
  Status put_numbered(JsonCells& cells);
  using Put = EventFormatReader::Put;
  void take(std::string_view record);
  Status read_fields(const TextShape& text, const Put& put);
  Status read_words(const TextShape& text, const Put& put) const;
  Status read_pattern(const TextShape& text, const Put& put);
  Status read_csv(const TextShape& text, const Put& put);
  Status read_event_format(const TextShape& text, const Put& put);
  std::string_view decoded(std::string_view digits);

  std::string_view record_;
  std::string valid_;                   // of a record that was no UTF-8
  std::string decoded_;                 // texts that were written in hexadecimal digits
  std::uint32_t line_ = 0;              // that is read, of all that were ever read
  std::vector<std::uint32_t> line_of_;  // that filled the column, by column
  std::vector<Piece> pieces_;
  std::string numbered_;                 // texts that were written as several values
  std::vector<std::string_view> texts_;  // of a pattern's fields, in its order
  std::vector<std::string> csv_fields_;
  EventFormatReader event_format_;
};

}  // namespace winnow::mapping
