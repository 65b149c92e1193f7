// What models learn from: labelled rows in time order, each with the feature values that were known
// when its event arrived. An artifact: the same rows give the same bytes. Format:
// docs/formats/data-set.md.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/matrix.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace winnow::learn {

enum class Label : std::uint8_t {
  Benign,
  Malicious,
  Unwanted,  // neither for sure, such as spam: trainers use or leave it as their parameters say
};
std::string_view name_of(Label label);  // "benign", "malicious", "unwanted"

// One row on its way into a data set; borrowed for the call.
struct DataRow {
  Digest raw;               // SHA-256 of the event's bytes as received
  Timestamp time;           // event time
  std::string_view source;  // who collected it; what leave-source-out splits hold out
  Label label = Label::Benign;
  float weight = 1;               // how far the label is trusted; finite, above 0
  std::span<const float> values;  // dense features; NaN is missing, infinite is refused
  SparseView terms;  // hashed text; indices ascend and lie below the data set's term space
};

struct Column {
  std::string name;       // unique
  std::string view;       // features that are seen or missing together: "authentication", "links"
  std::int8_t trend = 0;  // 1: a larger value never lowers the risk; -1: never raises it; 0: free
  bool operator==(const Column&) const = default;
};

// What the numbers of a row mean.
struct DataShape {
  Digest feature_set;  // the artifact that computed the values
  std::vector<Column> columns;
  std::uint32_t term_space = 0;  // term indices lie below it; 0: no text
  bool operator==(const DataShape&) const = default;
};

// Immutable; threads may share it.
class DataSet {
 public:
  // Errors: Corrupt, Exhausted (more rows or columns than the format allows). Allocates at most
  // about five times the size of `bytes`, whatever they say.
  static Result<DataSet> read(std::string_view bytes);
  // The canonical form: read(bytes()) is this data set, and no other bytes mean the same rows.
  std::string bytes() const;

  std::size_t size() const { return times_.size(); }
  const DataShape& shape() const { return shape_; }
  const std::vector<std::string>& sources() const { return sources_; }  // sorted, all in use

  const Digest& raw(std::size_t row) const { return raws_[row]; }
  Timestamp time(std::size_t row) const { return times_[row]; }  // never falls from row to row
  std::uint32_t source(std::size_t row) const { return source_of_[row]; }
  Label label(std::size_t row) const { return labels_[row]; }
  float weight(std::size_t row) const { return weights_[row]; }
  // Near-duplicates share a group: the index of their first row (near_duplicates.h).
  std::uint32_t group(std::size_t row) const { return groups_[row]; }
  std::span<const float> values(std::size_t row) const { return values_of(row); }
  MatrixView values() const { return {values_.data(), size(), shape_.columns.size()}; }

  // Text terms: indices as they lie in memory, values in runs of equal ones (a block of hashed
  // n-grams has one value a row), which `scratch` unfolds for a SparseView that is valid until its
  // next use.
  std::span<const std::uint32_t> term_indices(std::size_t row) const;
  SparseView terms(std::size_t row, std::vector<float>& scratch) const;
  struct Run {
    std::uint32_t terms;  // how many consecutive terms have this value, above 0
    float value;
    bool operator==(const Run&) const = default;
  };
  std::span<const Run> term_runs(std::size_t row) const;

 private:
  friend class DataSetBuilder;
  friend class DataSetReader;
  DataSet() = default;
  std::span<const float> values_of(std::size_t row) const {
    const auto width = shape_.columns.size();
    return std::span(values_).subspan(row * width, width);
  }

  DataShape shape_;
  std::vector<std::string> sources_;
  std::vector<Digest> raws_;
  std::vector<Timestamp> times_;
  std::vector<std::uint32_t> source_of_;
  std::vector<Label> labels_;
  std::vector<float> weights_;
  std::vector<std::uint32_t> groups_;
  std::vector<float> values_;
  std::vector<std::uint64_t> term_begin_{0};  // size() + 1 offsets into term_indices_
  std::vector<std::uint32_t> term_indices_;
  std::vector<std::uint64_t> run_begin_{0};  // size() + 1 offsets into runs_
  std::vector<Run> runs_;
};

// 1 for each malicious row, 0 for every other.
std::vector<std::uint8_t> truth_of(const DataSet& data, std::span<const std::uint32_t> rows);

// Collects rows in one pass over events in time order: whoever replays entity state adds a row for
// each labelled event before it folds that event into the state. Memory: about four bytes a text
// term, four a dense value and 80 a row. Not thread-safe.
class DataSetBuilder {
 public:
  static constexpr std::uint32_t kMaxRows = 1U << 26;
  static constexpr std::uint32_t kMaxColumns = 1U << 14;
  static constexpr std::uint32_t kMaxSources = 1U << 16;
  static constexpr std::uint32_t kMaxTermsOfRow = 1U << 20;

  // Errors: InvalidArgument (no columns, more than kMaxColumns, an empty or repeated name).
  static Result<DataSetBuilder> start(DataShape shape);

  // Rows come in ascending (time, raw digest), which also refuses the same event twice.
  // Errors: InvalidArgument (order, number of values, infinite value, bad weight, terms out of
  // order or out of space), Exhausted.
  Status add(const DataRow& row);
  std::size_t size() const { return data_.times_.size(); }

  // What makes rows near-duplicates: texts that are alike, or equal values, as where rows have no
  // text.
  enum class Copies : std::uint8_t { LikeTexts, EqualValues };
  // Finds the near-duplicates and closes the data set. Errors: InvalidArgument (no rows).
  Result<DataSet> finish(Copies copies) &&;

 private:
  DataSetBuilder() = default;
  DataSet data_;
};

}  // namespace winnow::learn
