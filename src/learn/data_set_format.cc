// The bytes of a data set: docs/formats/data-set.md.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/bytes.h"
#include "learn/data_set.h"

namespace winnow::learn {
namespace {

constexpr std::string_view kMagic = "WNDATA1\n";
constexpr std::size_t kMaxDictionary = 256;
enum class Encoding : std::uint8_t { Dictionary = 0, Plain = 1 };

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// The bit patterns of a column, ascending, or nothing when there are more than a byte can name.
std::vector<std::uint32_t> dictionary_of(MatrixView values, std::size_t column) {
  std::vector<std::uint32_t> patterns;
  for (std::size_t row = 0; row < values.rows; ++row) {
    const auto bits = std::bit_cast<std::uint32_t>(values.row(row)[column]);
    const auto at = std::lower_bound(patterns.begin(), patterns.end(), bits);
    if (at != patterns.end() && *at == bits) continue;
    if (patterns.size() == kMaxDictionary) return {};
    patterns.insert(at, bits);
  }
  return patterns;
}

void put_column(ByteWriter& out, MatrixView values, std::size_t column) {
  const auto patterns = dictionary_of(values, column);
  out.put(static_cast<std::uint8_t>(patterns.empty() ? Encoding::Plain : Encoding::Dictionary));
  if (patterns.empty()) {
    for (std::size_t row = 0; row < values.rows; ++row) out.put(values.row(row)[column]);
    return;
  }
  out.put_count(patterns.size());
  for (const auto bits : patterns) out.put(bits);
  for (std::size_t row = 0; row < values.rows; ++row) {
    const auto bits = std::bit_cast<std::uint32_t>(values.row(row)[column]);
    const auto at = std::lower_bound(patterns.begin(), patterns.end(), bits) - patterns.begin();
    out.put(static_cast<std::uint8_t>(at));
  }
}

void put_terms(ByteWriter& out, std::span<const std::uint32_t> indices,
               std::span<const DataSet::Run> runs) {
  out.put_count(indices.size());
  std::uint32_t next = 0;  // the least index that may follow
  for (const auto index : indices) {
    out.put_count(index - next);
    next = index + 1;
  }
  out.put_count(runs.size());
  for (const auto& run : runs) out.put_count(run.terms).put(run.value);
}

bool is_canonical(float value) {
  return std::bit_cast<std::uint32_t>(value) ==
         std::bit_cast<std::uint32_t>(std::isnan(value) ? std::numeric_limits<float>::quiet_NaN()
                                      : value == 0      ? 0.0F
                                                        : value);
}

Error corrupt(std::string what) { return Error(Code::Corrupt, "the data set " + std::move(what)); }

}  // namespace

std::string DataSet::bytes() const {
  ByteWriter out;
  out.put_raw(kMagic).put_raw(shape_.feature_set.as_text()).put_count(shape_.term_space);
  out.put_count(shape_.columns.size());
  for (const auto& column : shape_.columns)
    out.put_text(column.name).put_text(column.view).put(column.trend);
  out.put_count(sources_.size());
  for (const auto& source : sources_) out.put_text(source);
  out.put_count(size());
  for (const auto& raw : raws_) out.put_raw(raw.as_text());
  std::int64_t before = 0;
  for (const auto& time : times_) {
    out.put_count(zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(time.micros()) -
                                                   static_cast<std::uint64_t>(before))));
    before = time.micros();
  }
  for (const auto source : source_of_) out.put_count(source);
  for (const auto label : labels_) out.put(static_cast<std::uint8_t>(label));
  for (const float weight : weights_) out.put(weight);
  for (std::uint32_t row = 0; row < size(); ++row) out.put_count(row - groups_[row]);
  for (std::size_t column = 0; column < shape_.columns.size(); ++column)
    put_column(out, values(), column);
  if (shape_.term_space > 0) {
    for (std::size_t row = 0; row < size(); ++row)
      put_terms(out, term_indices(row), term_runs(row));
  }
  return std::move(out).bytes();
}

// Reads and checks every invariant that bytes() relies on, so that what it accepts has one form.
class DataSetReader {
 public:
  explicit DataSetReader(std::string_view bytes) : in_(bytes) {}

  Result<DataSet> read() {
    if (in_.get_raw(kMagic.size()) != kMagic) return corrupt("does not start with its mark");
    WINNOW_TRY(read_shape());
    WINNOW_TRY(read_rows());
    WINNOW_TRY(read_columns());
    WINNOW_TRY(read_terms());
    WINNOW_TRY(in_.finish("the data set"));
    if (padded_) return corrupt("has a number that is longer than it need be");
    return std::move(data_);
  }

 private:
  Status read_shape() {
    auto& shape = data_.shape_;
    const auto digest = in_.get_raw(Digest::kBytes);
    if (!in_.ok()) return corrupt("ends too early");
    shape.feature_set = Digest(std::span<const std::uint8_t, Digest::kBytes>(
        reinterpret_cast<const std::uint8_t*>(digest.data()), Digest::kBytes));
    const auto term_space = count();
    if (term_space > 0xffffffffU) return corrupt("has too large a term space");
    shape.term_space = static_cast<std::uint32_t>(term_space);
    const auto columns = item_count(3);
    if (columns > DataSetBuilder::kMaxColumns) return corrupt("has too many columns");
    shape.columns.resize(columns);
    for (auto& column : shape.columns) {
      column.name = in_.get_raw(count());
      column.view = in_.get_raw(count());
      column.trend = in_.get<std::int8_t>();
    }
    if (!in_.ok()) return corrupt("ends too early");
    // The builder's checks of a shape hold for a stored one too.
    if (const auto checked = DataSetBuilder::start(shape); !checked)
      return corrupt(checked.error().message());
    const auto sources_listed = item_count(1);
    if (sources_listed > DataSetBuilder::kMaxSources) return corrupt("has too many sources");
    data_.sources_.resize(sources_listed);
    for (auto& source : data_.sources_) source = in_.get_raw(count());
    const auto& sources = data_.sources_;
    if (std::adjacent_find(sources.begin(), sources.end(), std::greater_equal<>()) !=
        sources.end()) {
      return corrupt("has sources out of order");
    }
    return {};
  }

  Status read_rows() {
    // 40 bytes is the least a row takes: digest, time, source, label, weight, group.
    rows_ = item_count(Digest::kBytes + 8);
    if (rows_ == 0) return corrupt("has no rows, or fewer than it says");
    if (rows_ > DataSetBuilder::kMaxRows)
      return Error(Code::Exhausted, "the data set has too many rows");
    // Every column takes a byte a row at least, so that what follows is no larger than about 4 x
    // the input.
    if (data_.shape_.columns.size() > in_.left() / rows_) return corrupt("ends too early");
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto raw = in_.get_raw(Digest::kBytes);
      if (!in_.ok()) return corrupt("ends too early");
      data_.raws_.emplace_back(std::span<const std::uint8_t, Digest::kBytes>(
          reinterpret_cast<const std::uint8_t*>(raw.data()), Digest::kBytes));
    }
    std::uint64_t micros = 0;
    for (std::size_t row = 0; row < rows_; ++row) {
      micros += static_cast<std::uint64_t>(unzigzag(count()));
      data_.times_.push_back(Timestamp::from_micros(static_cast<std::int64_t>(micros)));
      if (row > 0 && std::pair(data_.times_[row - 1], data_.raws_[row - 1]) >=
                         std::pair(data_.times_[row], data_.raws_[row])) {
        return corrupt("has rows out of order");
      }
    }
    return read_tags();
  }

  Status read_tags() {
    std::vector<bool> used(data_.sources_.size(), false);
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto source = count();
      if (source >= used.size()) return corrupt("names a source it does not list");
      used[source] = true;
      data_.source_of_.push_back(static_cast<std::uint32_t>(source));
    }
    if (std::find(used.begin(), used.end(), false) != used.end())
      return corrupt("lists a source without rows");
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto label = in_.get<std::uint8_t>();
      if (label > static_cast<std::uint8_t>(Label::Unwanted))
        return corrupt("has an unknown label");
      data_.labels_.push_back(static_cast<Label>(label));
    }
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto weight = in_.get<float>();
      if (!(weight > 0) || !std::isfinite(weight))
        return corrupt("has a weight that is not above 0");
      data_.weights_.push_back(weight);
    }
    for (std::uint32_t row = 0; row < rows_; ++row) {
      const auto back = count();
      const auto first = back <= row ? row - static_cast<std::uint32_t>(back) : row + 1;
      if (back > row || (first < row && data_.groups_[first] != first))
        return corrupt("has a group without its first row");
      data_.groups_.push_back(first);
    }
    return in_.ok() ? Status() : corrupt("ends too early");
  }

  Status read_columns() {
    const auto width = data_.shape_.columns.size();
    data_.values_.resize(rows_ * width);
    for (std::size_t column = 0; column < width; ++column) WINNOW_TRY(read_column(column, width));
    return {};
  }

  Status read_column(std::size_t column, std::size_t width) {
    const auto encoding = in_.get<std::uint8_t>();
    if (encoding > static_cast<std::uint8_t>(Encoding::Plain))
      return corrupt("has a column of unknown encoding");
    std::vector<float> dictionary;
    if (encoding == static_cast<std::uint8_t>(Encoding::Dictionary)) {
      dictionary.resize(item_count(sizeof(float)));
      if (dictionary.empty() || dictionary.size() > kMaxDictionary)
        return corrupt("has a dictionary of impossible size");
      for (auto& value : dictionary) value = in_.get<float>();
    }
    for (std::size_t row = 0; row < rows_; ++row) {
      float value = 0;
      if (dictionary.empty()) {
        value = in_.get<float>();
      } else {
        const auto code = in_.get<std::uint8_t>();
        if (code >= dictionary.size()) return corrupt("has a value outside its dictionary");
        value = dictionary[code];
      }
      if (std::isinf(value) || !is_canonical(value))
        return corrupt("has a value that is not canonical");
      data_.values_[row * width + column] = value;
    }
    if (!in_.ok()) return corrupt("ends too early");
    return check_encoding(column, dictionary);
  }

  // The writer has no choice, so neither has what it wrote: the dictionary ascends and is used up.
  Status check_encoding(std::size_t column, const std::vector<float>& dictionary) const {
    const auto expected = dictionary_of(data_.values(), column);
    const bool equal = std::equal(expected.begin(), expected.end(), dictionary.begin(),
                                  dictionary.end(), [](std::uint32_t bits, float value) {
                                    return bits == std::bit_cast<std::uint32_t>(value);
                                  });
    return equal ? Status() : corrupt("has a column that is not in canonical form");
  }

  Status read_terms() {
    for (std::size_t row = 0; row < rows_; ++row) {
      if (data_.shape_.term_space > 0) WINNOW_TRY(read_terms_of_row());
      data_.term_begin_.push_back(data_.term_indices_.size());
      data_.run_begin_.push_back(data_.runs_.size());
    }
    return {};
  }

  Status read_terms_of_row() {
    const auto terms = item_count(1);
    if (terms > DataSetBuilder::kMaxTermsOfRow) return corrupt("has a row with too many terms");
    std::uint64_t next = 0;
    for (std::uint64_t i = 0; i < terms; ++i) {
      const auto gap = count();
      if (gap >= data_.shape_.term_space || next + gap >= data_.shape_.term_space)
        return corrupt("has a term out of its space");
      data_.term_indices_.push_back(static_cast<std::uint32_t>(next + gap));
      next += gap + 1;
    }
    std::uint64_t covered = 0;
    const auto first_run = data_.runs_.size();
    for (auto runs = item_count(1 + sizeof(float)); runs > 0; --runs) {
      const auto length = count();
      const auto value = in_.get<float>();
      if (length == 0 || length > terms - covered || !std::isfinite(value) || !is_canonical(value))
        return corrupt("has an impossible run of terms");
      if (data_.runs_.size() > first_run && data_.runs_.back().value == value)
        return corrupt("has a divided run of terms");
      covered += length;
      data_.runs_.push_back({static_cast<std::uint32_t>(length), value});
    }
    if (!in_.ok() || covered != terms) return corrupt("has terms without values");
    return {};
  }

  // A number could be written with leading zeros; rows have one form only.
  std::uint64_t count() {
    const auto before = in_.left();
    const auto value = in_.get_count();
    const auto least = std::max<std::size_t>(1, (std::bit_width(value) + 6) / 7);
    padded_ |= in_.ok() && before - in_.left() > least;
    return value;
  }
  // As ByteReader::get_item_count: 0 where so many items cannot follow.
  std::uint64_t item_count(std::uint64_t min_item_bytes) {
    const auto items = count();
    if (items <= in_.left() / min_item_bytes) return items;
    in_.get_raw(in_.left() + 1);  // fails the reader
    return 0;
  }

  ByteReader in_;
  bool padded_ = false;
  std::size_t rows_ = 0;
  DataSet data_;
};

Result<DataSet> DataSet::read(std::string_view bytes) { return DataSetReader(bytes).read(); }

}  // namespace winnow::learn
