// Chosen values out of a JSON record in one pass over its bytes, without building a document: for
// the hot path of log intake. simdjson finds and checks the structure (strings, UTF-8, brackets);
// we walk it once, meet each key once, and step over what nobody asked for.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

// Which values are wanted. Compiled once; immutable; thread-safe.
class JsonSelection {
 public:
  // The steps from the record to a value; "*" stands for each item of a list, at most once.
  using Path = std::vector<std::string>;
  static constexpr std::size_t kMaxSteps = 12;

  // Where records of one kind come in several shapes, the value of path `i` is kept in the place of
  // path same_as[i] <= i (its own place: i): whichever of them a record has. Empty: each its own.
  // Errors: InvalidArgument (a path without steps, too many, a second "*"; one that would have two
  // places; items of a list in the place of others).
  static Result<JsonSelection> of(std::span<const Path> paths,
                                  std::span<const std::uint32_t> same_as = {});
  JsonSelection();  // of nothing
  JsonSelection(JsonSelection&&) noexcept;
  JsonSelection& operator=(JsonSelection&&) noexcept;
  ~JsonSelection();

  // Where JsonCells keeps the value of path `i`: by itself, or as a column of a list's rows.
  struct Place {
    std::optional<std::uint32_t> list;
    std::uint32_t column;
  };
  Place place(std::size_t i) const;
  std::size_t single_columns() const;
  std::span<const std::uint32_t> list_widths() const;  // columns of each list's rows

 private:
  friend class JsonScanner;
  struct State;
  explicit JsonSelection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// A value as it stands in its record.
struct JsonCell {
  // Whole: an object or a list, of which `text` is the JSON.
  enum class Kind : std::uint8_t { Absent, Null, False, True, Number, Text, Whole };
  Kind kind = Kind::Absent;
  std::string_view text = {};  // of a Text without quotes and escapes; of the others as written

  bool has_value() const { return kind > Kind::Null; }
};

// The cells of one record. Reused from record to record: what it holds is emptied without being
// touched.
class JsonCells {
 public:
  static constexpr std::size_t kMaxRows = 256;  // of one list; more are counted, not kept

  void begin(std::size_t single_columns, std::size_t lists);

  JsonCell at(std::uint32_t column) const {
    const Slot& slot = singles_[column];
    if (slot.stamp != stamp_) return {};
    return {slot.kind, {slot.data, slot.size}};
  }
  std::size_t rows(std::uint32_t list) const {
    return lists_[list].stamp == stamp_ ? lists_[list].rows : 0;
  }
  std::size_t rows_left_out(std::uint32_t list) const;
  JsonCell at(std::uint32_t list, std::size_t row, std::uint32_t column) const {
    const List& where = lists_[list];
    return row_cells_[where.first + row * where.width + column];
  }

  // False where the column holds something already.
  bool put(std::uint32_t column, JsonCell::Kind kind, std::string_view text) {
    Slot& slot = singles_[column];
    if (slot.stamp == stamp_) return false;
    slot = {text.data(), static_cast<std::uint32_t>(text.size()), kind, stamp_};
    return true;
  }
  // Begins a list of so many columns, once a record; false where it was begun before.
  bool begin_list(std::uint32_t list, std::uint32_t width);
  bool add_row(std::uint32_t list);  // false where the list is full: the row is counted only
  // Of the newest row; false as put().
  bool put_in_row(std::uint32_t list, std::uint32_t column, JsonCell::Kind kind,
                  std::string_view text);

 private:
  struct Slot {
    const char* data;
    std::uint32_t size;
    JsonCell::Kind kind;
    std::uint64_t stamp = 0;  // of the record that filled it
  };
  struct List {
    std::size_t first = 0, rows = 0, left_out = 0;
    std::uint32_t width = 0;
    std::uint64_t stamp = 0;
  };
  std::uint64_t stamp_ = 0;
  std::vector<Slot> singles_;
  std::vector<List> lists_;
  std::vector<JsonCell> row_cells_;
};

// Scans records, one after the other, with buffers of its own. One thread at a time.
class JsonScanner {
 public:
  JsonScanner();
  JsonScanner(JsonScanner&&) noexcept;
  JsonScanner& operator=(JsonScanner&&) noexcept;
  ~JsonScanner();

  // Fills `cells` with the wanted values of `record`, a JSON object. Their texts lie in the scanner
  // until its next scan: within bytes(), unless they had escapes. A wanted value that stands there
  // twice is an error: readers would differ about it. What is not wanted is stepped over, its
  // brackets counted and its strings checked, no more. A lone surrogate reads as U+FFFD.
  // Errors: InvalidArgument (no JSON object; says where), Exhausted (larger than 1 GiB).
  Status scan(std::string_view record, const JsonSelection& selection, JsonCells& cells);
  // Adds to `cells` from `object`, JSON that stands for what would lie at `path`, of single steps,
  // of the record: some writers keep an object as a text. For another scanner than the record's,
  // since texts end with a scan. Errors: as scan().
  Status scan_part(std::string_view object, const JsonSelection::Path& path,
                   const JsonSelection& selection, JsonCells& cells);
  std::string_view bytes() const;  // the record, as copied

 private:
  struct State;
  Status scan_from(std::int32_t node, std::string_view object, const JsonSelection& selection,
                   JsonCells& cells);
  std::unique_ptr<State> state_;
};

}  // namespace winnow
