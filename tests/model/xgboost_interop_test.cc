// Models that XGBoost 3.4 and older saved, with the predictions it made from them (real data: see
// the README of its folder for source and licence).
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/file.h"
#include "base/json.h"
#include "model/forest_import.h"
#include "tests/model/tables.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::Table;

// How the columns of a model's rows come from the columns of its table.
struct Encoding {
  struct Column {
    std::string name;
    std::vector<std::string> categories;  // a text's place in it is its code; empty: a number
    std::string equal_to;                 // an indicator: 1 if the cell is this
  };
  std::vector<Column> columns;

  float encode(const Column& column, const std::string& cell) const {
    if (cell == "NA") return NAN;
    if (!column.equal_to.empty()) return cell == column.equal_to ? 1 : NAN;
    if (cell == "TRUE" || cell == "FALSE") return cell == "TRUE" ? 1 : 0;
    for (std::size_t code = 0; code < column.categories.size(); ++code) {
      if (column.categories[code] == cell) return static_cast<float>(code);
    }
    return column.categories.empty() ? std::strtof(cell.c_str(), nullptr) : NAN;
  }

  std::vector<float> encode_row(const Table& table, std::size_t row) const {
    std::vector<float> values;
    for (const auto& column : columns)
      values.push_back(encode(column, table.cell(row, column.name)));
    return values;
  }
};

// XGBoost 3.1 and later keep the categories' names in the model.
Encoding encoding_in(const Json& document) {
  const auto& learner = document["learner"];
  const auto& cats = learner["gradient_booster"]["model"]["cats"]["enc"];
  Encoding encoding;
  for (std::size_t f = 0; f < learner["feature_names"].size(); ++f) {
    Encoding::Column column{learner["feature_names"][f].as_string(), {}, ""};
    const auto& offsets = cats[f]["offsets"];
    for (std::size_t k = 0; k + 1 < offsets.size(); ++k) {
      std::string name;
      for (auto at = offsets[k].as_int(); at < offsets[k + 1].as_int(); ++at) {
        name.push_back(static_cast<char>(cats[f]["values"][static_cast<std::size_t>(at)].as_int()));
      }
      column.categories.push_back(name);
    }
    encoding.columns.push_back(std::move(column));
  }
  return encoding;
}

// Older models come with a feature map: "3 Employment=Private i".
Encoding encoding_of_map(std::string_view text) {
  Encoding encoding;
  for (const auto& line : testing::lines_of(text)) {
    const auto fields = testing::split(line, '\t');
    if (fields.size() < 3) continue;
    const auto equals = fields[1].find('=');
    encoding.columns.push_back({fields[1].substr(0, equals),
                                {},
                                equals == std::string::npos ? "" : fields[1].substr(equals + 1)});
  }
  return encoding;
}

// The table a model was made for: the last word of its name ("BinomialClassificationAuditNA").
std::string table_of(const std::string& model) {
  for (const char* table : {"Audit", "Auto", "Iris", "Visit", "Lung"}) {
    const auto at = model.find(table);
    if (at != std::string::npos) return model.substr(at);
  }
  return model;
}

std::vector<std::string> columns_of_outputs(const Table& want, const Forest& forest) {
  std::vector<std::string> columns;
  if (forest.link == Link::Softmax) {
    for (std::size_t k = 0; k < forest.outputs(); ++k)
      columns.push_back(fmt::format("probability({})", k));
  } else {
    for (const auto& name : want.header()) {
      if (name == "probability(1)" || name.ends_with(", 1)")) columns.push_back(name);
    }
    for (const auto& name : want.header()) {
      if (columns.size() < forest.outputs() && name.starts_with("_target")) columns.push_back(name);
    }
  }
  return columns;
}

void expect_predictions(const Forest& forest, const Encoding& encoding, const Table& rows,
                        const Table& want) {
  ASSERT_EQ(encoding.columns.size(), forest.features);
  ASSERT_EQ(rows.size(), want.size());
  const auto columns = columns_of_outputs(want, forest);
  ASSERT_EQ(columns.size(), forest.outputs());
  std::vector<float> predictions(forest.outputs());
  int wrong = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    walk_margins(forest, encoding.encode_row(rows, i), predictions);
    apply_link(forest, predictions);
    for (std::size_t k = 0; k < predictions.size(); ++k) {
      const double expected = std::strtod(want.cell(i, columns[k]).c_str(), nullptr);
      if (!(std::fabs(predictions[k] - expected) <= 1e-5 * std::max(1.0, std::fabs(expected))) &&
          ++wrong < 4) {
        ADD_FAILURE() << "row " << i << " " << columns[k] << ": " << predictions[k] << ", expected "
                      << expected;
      }
    }
  }
  EXPECT_EQ(wrong, 0);
}

std::string bytes_of(const Path& path) { return read_file(path, 64UL << 20).value(); }

Table read_table(const Path& path) { return Table(bytes_of(path), ','); }

// Each model name of a folder once, whatever forms it is there in.
std::set<std::string> model_names(const Path& folder, std::string_view extension) {
  std::set<std::string> names;
  for (const auto& path : list_files(folder).value()) {
    if (path.extension() == extension) names.insert(path.stem());
  }
  return names;
}

TEST(XgboostInterop, JsonAndUbjsonPredictAsXgboostDid) {
  const auto folder = testing::unpacked("interop/xgboost-models.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  const auto models = *folder / "xgboost-models" / "xgboost";
  const auto tables = *folder / "xgboost-models" / "csv";
  const auto names = model_names(models, ".json");
  EXPECT_EQ(names.size(), 31U);
  for (const auto& name : names) {
    SCOPED_TRACE(name);
    const auto text = bytes_of(models / (name + ".json"));
    const auto encoding = encoding_in(parse_json(text).value());
    const auto rows = read_table(tables / (table_of(name) + ".csv"));
    const auto forest = read_xgboost(text);
    ASSERT_OK(forest);
    expect_predictions(*forest, encoding, rows, read_table(tables / (name + ".csv")));
    const auto same = read_xgboost(bytes_of(models / (name + ".ubj")));
    ASSERT_OK(same);
    EXPECT_EQ(*same, *forest);
    EXPECT_EQ(forest_from_bytes(to_bytes(*forest)).value(), *forest);
  }
}

TEST(XgboostInterop, TheFirstRoundsAlonePredictAsXgboostDid) {
  const auto folder = testing::unpacked("interop/xgboost-models.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  const auto models = *folder / "xgboost-models" / "xgboost";
  const auto tables = *folder / "xgboost-models" / "csv";
  int checked = 0;
  for (const auto& path : list_files(tables).value()) {
    const auto stem = path.stem().string();
    const auto at = stem.find('@');
    if (at == std::string::npos) continue;
    SCOPED_TRACE(stem);
    const auto name = stem.substr(0, at);
    const auto text = bytes_of(models / (name + ".json"));
    auto forest = read_xgboost(text).value();
    forest.trees.resize(std::stoul(stem.substr(at + 1)) * forest.outputs());
    const auto rows = read_table(tables / (table_of(name) + ".csv"));
    expect_predictions(forest, encoding_in(parse_json(text).value()), rows, read_table(path));
    ++checked;
  }
  EXPECT_EQ(checked, 6);
}

TEST(XgboostInterop, OldBinaryModelsPredictAsXgboostDid) {
  const auto folder = testing::unpacked("interop/xgboost-models.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  const auto models = *folder / "xgboost-models" / "xgboost" / "legacy";
  const auto tables = *folder / "xgboost-models" / "csv";
  const auto names = model_names(models, ".model");
  EXPECT_EQ(names.size(), 9U);
  for (const auto& name : names) {
    SCOPED_TRACE(name);
    const auto forest = read_xgboost(bytes_of(models / (name + ".model")));
    ASSERT_OK(forest);
    const auto encoding = encoding_of_map(bytes_of(tables / (table_of(name) + ".fmap")));
    const auto rows = read_table(tables / (table_of(name) + ".csv"));
    expect_predictions(*forest, encoding, rows, read_table(tables / "legacy" / (name + ".csv")));
  }
}

}  // namespace
}  // namespace winnow
