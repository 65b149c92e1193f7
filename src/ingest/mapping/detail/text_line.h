// One line of text into the cells that a selection wants: words in an order that the mapping or a
// header tells, or pairs of a key and a value.
#pragma once

#include <string>
#include <string_view>

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

// One thread at a time.
class TextScanner {
 public:
  // `record` is one line, or a header that names the words of the one below it. Texts may lie in
  // the scanner until its next scan. Errors: InvalidArgument (a key that stands twice, another
  // number of words than names).
  Status scan(std::string_view record, const Program& program, JsonCells& cells);
  std::string_view bytes() const { return record_; }

 private:
  Status scan_pairs(const Program& program, JsonCells& cells);
  Status scan_words(const Program& program, JsonCells& cells);
  std::string_view decoded(std::string_view digits);

  std::string_view record_;
  std::string valid_;    // of a record that was no UTF-8
  std::string decoded_;  // texts that were written in hexadecimal digits
};

}  // namespace winnow::mapping
