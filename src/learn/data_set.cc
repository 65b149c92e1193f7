#include "learn/data_set.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include "learn/near_duplicates.h"

namespace winnow::learn {
namespace {

Status check(const DataRow& row, const DataShape& shape) {
  if (row.values.size() != shape.columns.size()) {
    return Error(Code::InvalidArgument, fmt::format("a row has {} values for {} columns",
                                                    row.values.size(), shape.columns.size()));
  }
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    if (std::isinf(row.values[i])) {
      return Error(Code::InvalidArgument,
                   fmt::format("column '{}' of a row is infinite", shape.columns[i].name));
    }
  }
  if (!(row.weight > 0) || !std::isfinite(row.weight)) {
    return Error(Code::InvalidArgument, fmt::format("a row has the weight {}", row.weight));
  }
  const auto& indices = row.terms.indices;
  if (indices.size() != row.terms.values.size() ||
      indices.size() > DataSetBuilder::kMaxTermsOfRow) {
    return Error(Code::InvalidArgument, fmt::format("a row has {} terms and {} values of terms",
                                                    indices.size(), row.terms.values.size()));
  }
  const bool ascends =
      std::adjacent_find(indices.begin(), indices.end(), std::greater_equal<>()) == indices.end();
  const bool finite = std::all_of(row.terms.values.begin(), row.terms.values.end(),
                                  [](float value) { return std::isfinite(value); });
  if (!ascends || !finite || (!indices.empty() && indices.back() >= shape.term_space)) {
    return Error(Code::InvalidArgument,
                 "the terms of a row do not ascend within the term space, or are not finite");
  }
  return {};
}

// One NaN and one zero, so that equal rows have equal bytes.
float canonical(float value) {
  if (std::isnan(value)) return std::numeric_limits<float>::quiet_NaN();
  return value == 0 ? 0.0F : value;
}

}  // namespace

std::string_view name_of(Label label) {
  switch (label) {
    case Label::Benign:
      return "benign";
    case Label::Malicious:
      return "malicious";
    case Label::Unwanted:
      return "unwanted";
  }
  return "benign";
}

std::span<const std::uint32_t> DataSet::term_indices(std::size_t row) const {
  return std::span(term_indices_)
      .subspan(term_begin_[row], term_begin_[row + 1] - term_begin_[row]);
}

std::span<const DataSet::Run> DataSet::term_runs(std::size_t row) const {
  return std::span(runs_).subspan(run_begin_[row], run_begin_[row + 1] - run_begin_[row]);
}

SparseView DataSet::terms(std::size_t row, std::vector<float>& scratch) const {
  scratch.clear();
  for (const auto& run : term_runs(row)) scratch.insert(scratch.end(), run.terms, run.value);
  return {term_indices(row), scratch};
}

std::vector<std::uint8_t> truth_of(const DataSet& data, std::span<const std::uint32_t> rows) {
  std::vector<std::uint8_t> truth;
  truth.reserve(rows.size());
  for (const auto row : rows) truth.push_back(data.label(row) == Label::Malicious ? 1 : 0);
  return truth;
}

Result<DataSetBuilder> DataSetBuilder::start(DataShape shape) {
  if (shape.columns.empty() || shape.columns.size() > kMaxColumns) {
    return Error(Code::InvalidArgument,
                 fmt::format("a data set cannot have {} columns", shape.columns.size()));
  }
  std::set<std::string_view> names;
  for (const auto& column : shape.columns) {
    if (column.name.empty() || !names.insert(column.name).second) {
      return Error(Code::InvalidArgument,
                   fmt::format("the column name '{}' is empty or repeated", column.name));
    }
    if (column.trend < -1 || column.trend > 1) {
      return Error(Code::InvalidArgument,
                   fmt::format("column '{}' has the trend {}", column.name, column.trend));
    }
  }
  DataSetBuilder builder;
  builder.data_.shape_ = std::move(shape);
  return builder;
}

Status DataSetBuilder::add(const DataRow& row) {
  auto& data = data_;
  WINNOW_TRY(check(row, data.shape_));
  if (size() >= kMaxRows)
    return Error(Code::Exhausted, fmt::format("a data set holds at most {} rows", kMaxRows));
  if (size() > 0 &&
      std::pair(data.times_.back(), data.raws_.back()) >= std::pair(row.time, row.raw)) {
    return Error(Code::InvalidArgument,
                 fmt::format("rows come in order of time and digest, without repeats: {} of {} "
                             "does not follow {} of {}",
                             row.raw.short_hex(), row.time.text(), data.raws_.back().short_hex(),
                             data.times_.back().text()));
  }
  const auto source = std::find(data.sources_.begin(), data.sources_.end(), row.source);
  if (source == data.sources_.end() && data.sources_.size() >= kMaxSources) {
    return Error(Code::Exhausted, fmt::format("a data set holds at most {} sources", kMaxSources));
  }
  data.source_of_.push_back(static_cast<std::uint32_t>(source - data.sources_.begin()));
  if (source == data.sources_.end()) data.sources_.emplace_back(row.source);

  data.raws_.push_back(row.raw);
  data.times_.push_back(row.time);
  data.labels_.push_back(row.label);
  data.weights_.push_back(row.weight);
  for (const float value : row.values) data.values_.push_back(canonical(value));
  data.term_indices_.insert(data.term_indices_.end(), row.terms.indices.begin(),
                            row.terms.indices.end());
  data.term_begin_.push_back(data.term_indices_.size());
  const auto first_run = data.runs_.size();
  for (const float raw : row.terms.values) {
    const float value = canonical(raw);
    if (data.runs_.size() > first_run && data.runs_.back().value == value)
      ++data.runs_.back().terms;
    else
      data.runs_.push_back({1, value});
  }
  data.run_begin_.push_back(data.runs_.size());
  return {};
}

Result<DataSet> DataSetBuilder::finish(Copies copies) && {
  auto& data = data_;
  if (size() == 0) {
    return Error(Code::InvalidArgument, "a data set needs at least one row")
        .with_hint("label some events first");
  }
  // Sources are numbered as sorted, not as they came.
  auto sorted = data.sources_;
  std::sort(sorted.begin(), sorted.end());
  for (auto& source : data.source_of_) {
    const auto at = std::lower_bound(sorted.begin(), sorted.end(), data.sources_[source]);
    source = static_cast<std::uint32_t>(at - sorted.begin());
  }
  data.sources_ = std::move(sorted);

  if (data.shape_.term_space == 0 || copies == Copies::EqualValues) {
    data.groups_ = group_equal_rows(data.values());
    return std::move(data);
  }
  std::vector<TermSet> sets;
  sets.reserve(size());
  for (std::size_t row = 0; row < size(); ++row) sets.push_back(data.term_indices(row));
  data.groups_ = group_near_duplicates(sets);
  return std::move(data);
}

}  // namespace winnow::learn
