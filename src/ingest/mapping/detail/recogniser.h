// Which mapping knows a record: what all of them recognise their records by, looked up in one pass.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mapping/detail/row.h"
#include "ingest/mapping/detail/text_line.h"
#include "ingest/mapping/mapping.h"

namespace winnow::mapping {

// One thread at a time; stays where it is made.
class Recogniser {
 public:
  explicit Recogniser(std::span<const Mapping> mappings);
  Recogniser(const Recogniser&) = delete;
  Recogniser& operator=(const Recogniser&) = delete;

  // The number of the mapping of which the record (a LogJson or LogRow) shows all signs. Of several
  // the one with the most, then the first: which one it is depends on the record alone. Errors:
  // InvalidArgument (none; says which come nearest, and what they miss; or it is unreadable).
  Result<std::size_t> find(RecordForm form, std::string_view record);

 private:
  // One condition of a mapping, at each of the places at which its shapes keep the field.
  using Sign = std::vector<Condition>;
  struct Known {
    std::string name;
    bool reads_rows;
    std::vector<Sign> signs;
  };
  // A field whose text is JSON, with a sign within it.
  struct Text {
    std::uint32_t number;  // of the field's path, then its column
    JsonSelection::Path path;
    JsonScanner scanner;
  };
  // A mapping of lines of text.
  struct Lines {
    std::size_t number;
    Mapping mapping;
  };
  void add(const Mapping& mapping);
  std::optional<std::size_t> find_lines(std::string_view record);
  std::uint32_t number_of(const JsonSelection::Path& path);
  Status scan(RecordForm form, std::string_view record);
  bool shows(const Sign& sign) const;
  Error none_of_lines(std::string_view record);
  Error none(RecordForm form) const;

  std::vector<Known> known_;
  Program program_;  // nothing but the selection of what the signs ask for
  std::vector<Text> texts_;
  JsonScanner scanner_;
  RowScanner rows_;
  JsonCells cells_;
  std::vector<Lines> lines_;
  TextScanner line_scanner_;
  JsonCells line_cells_;
};

}  // namespace winnow::mapping
