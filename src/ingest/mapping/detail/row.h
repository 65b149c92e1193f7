// One row of tab-separated values below the header lines of Zeek
// (https://docs.zeek.org/en/master/log-formats.html#zeek-tsv-format-logs), into the cells that a
// selection wants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/detail/program.h"

namespace winnow::mapping {

// One thread at a time.
class RowScanner {
 public:
  // `record` is header lines (each begins with '#') and one row. The wanted columns are those named
  // as a path of one step; "_path" is what #path says. A set or vector is a list, of which the
  // whole is no value. Texts may lie in the scanner until its next scan. Errors: InvalidArgument
  // (no #fields, another number of fields than names, a separator that is none).
  Status scan(std::string_view record, const Program& program, JsonCells& cells);
  std::string_view bytes() const { return record_; }

 private:
  struct Column {
    std::int32_t path = -1, items = -1;  // numbers of wanted paths
    bool is_list = false;
  };
  Status read_header(std::string_view header, const Program& program);
  void put(std::size_t number, std::string_view field, const Program& program, JsonCells& cells);
  std::string_view unescaped(std::string_view field);

  std::string_view record_;
  std::string valid_;  // of a record that was no UTF-8
  // Of the newest header, which the next records mostly share.
  std::string header_;
  const Program* program_ = nullptr;
  char separator_ = '\t';
  std::string set_separator_, unset_, empty_, path_;
  std::int32_t path_column_ = -1;
  std::vector<Column> columns_;
  std::vector<std::string> types_;
  std::string unescaped_;
};

}  // namespace winnow::mapping
