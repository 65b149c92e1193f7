#include "learn/forest_trainer.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include "base/contract.h"
#include "learn/detail/whole_number.h"
#include "model/forest_import.h"

namespace winnow::learn {
namespace {

Status checked(int answer) {
  if (answer == 0) return {};
  return Error(Code::Unavailable, fmt::format("XGBoost failed: {}", XGBGetLastError()));
}

class Matrix {
 public:
  Matrix() = default;
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  ~Matrix() {
    if (handle_ != nullptr) XGDMatrixFree(handle_);
  }

  Status fill(const TrainingRows& rows, unsigned threads) {
    WINNOW_TRY(
        checked(XGDMatrixCreateFromMat_omp(rows.values.data, rows.values.rows, rows.values.columns,
                                           std::nanf(""), &handle_, static_cast<int>(threads))));
    const std::vector<float> labels(rows.positive.begin(), rows.positive.end());
    WINNOW_TRY(checked(XGDMatrixSetFloatInfo(handle_, "label", labels.data(), labels.size())));
    return checked(
        XGDMatrixSetFloatInfo(handle_, "weight", rows.weights.data(), rows.weights.size()));
  }
  DMatrixHandle handle() const { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
};

class Booster {
 public:
  Booster() = default;
  Booster(const Booster&) = delete;
  Booster& operator=(const Booster&) = delete;
  ~Booster() {
    if (handle_ != nullptr) XGBoosterFree(handle_);
  }

  Status create(const Matrix& matrix) {
    const DMatrixHandle handles[] = {matrix.handle()};
    return checked(XGBoosterCreate(handles, 1, &handle_));
  }
  template <typename T>
  Status set(const char* name, const T& value) {
    return checked(XGBoosterSetParam(handle_, name, fmt::format("{}", value).c_str()));
  }
  Status grow(int tree, const Matrix& matrix) {
    return checked(XGBoosterUpdateOneIter(handle_, tree, matrix.handle()));
  }
  Result<std::string> bytes() const {
    bst_ulong size = 0;
    const char* data = nullptr;
    WINNOW_TRY(checked(XGBoosterSaveModelToBuffer(handle_, R"({"format":"ubj"})", &size, &data)));
    return std::string(data, size);
  }

 private:
  BoosterHandle handle_ = nullptr;
};

Status check(const ForestTraining& t) {
  const auto share = [](double value) { return value > 0 && value <= 1; };
  const bool holds = t.trees > 0 && t.depth > 0 && t.depth <= 16 && t.learning_rate > 0 &&
                     t.learning_rate <= 1 && share(t.row_share) && share(t.column_share) &&
                     t.min_leaf_weight >= 0 && t.leaf_penalty >= 0 && t.bins >= 2 &&
                     t.bins <= 65536;
  if (holds && std::isfinite(t.min_leaf_weight) && std::isfinite(t.leaf_penalty)) return {};
  return Error(Code::InvalidArgument,
               fmt::format("a forest cannot be trained with {}", to_text(t.json())));
}

Status check(const TrainingRows& rows) {
  ensure(rows.positive.size() == rows.values.rows && rows.weights.size() == rows.values.rows &&
             rows.trends.size() == rows.values.columns,
         "each row has its truth and weight, each column its trend");
  const auto positives = std::count(rows.positive.begin(), rows.positive.end(), std::uint8_t{1});
  if (positives > 0 && static_cast<std::size_t>(positives) < rows.values.rows) return {};
  return Error(Code::InvalidArgument, "a forest needs rows of both classes");
}

Status configure(Booster& booster, const TrainingRows& rows, const ForestTraining& training,
                 std::uint64_t seed, unsigned threads) {
  WINNOW_TRY(booster.set("verbosity", 0));
  WINNOW_TRY(booster.set("objective", "binary:logistic"));
  WINNOW_TRY(booster.set("tree_method", "hist"));
  WINNOW_TRY(booster.set("nthread", std::max(1U, threads)));
  WINNOW_TRY(booster.set("seed", seed & 0x7fffffff));  // XGBoost keeps 31 bits of it
  WINNOW_TRY(booster.set("max_depth", training.depth));
  WINNOW_TRY(booster.set("eta", training.learning_rate));
  WINNOW_TRY(booster.set("subsample", training.row_share));
  WINNOW_TRY(booster.set("colsample_bytree", training.column_share));
  WINNOW_TRY(booster.set("min_child_weight", training.min_leaf_weight));
  WINNOW_TRY(booster.set("lambda", training.leaf_penalty));
  WINNOW_TRY(booster.set("max_bin", training.bins));
  if (std::all_of(rows.trends.begin(), rows.trends.end(), [](auto trend) { return trend == 0; }))
    return {};
  return booster.set("monotone_constraints", fmt::format("({})", fmt::join(rows.trends, ",")));
}

}  // namespace

Json ForestTraining::json() const {
  return Json::object({{"trees", trees},
                       {"depth", depth},
                       {"learning_rate", learning_rate},
                       {"row_share", row_share},
                       {"column_share", column_share},
                       {"min_leaf_weight", min_leaf_weight},
                       {"leaf_penalty", leaf_penalty},
                       {"bins", bins}});
}

Result<ForestTraining> ForestTraining::from_json(const Json& json) {
  ForestTraining t;
  WINNOW_TRY(t.trees, need_count(json, "trees", kMostCount));
  WINNOW_TRY(t.depth, need_count(json, "depth", kMostCount));
  WINNOW_TRY(t.bins, need_count(json, "bins", kMostCount));
  WINNOW_TRY(t.learning_rate, json.need_number("learning_rate"));
  WINNOW_TRY(t.row_share, json.need_number("row_share"));
  WINNOW_TRY(t.column_share, json.need_number("column_share"));
  WINNOW_TRY(t.min_leaf_weight, json.need_number("min_leaf_weight"));
  WINNOW_TRY(t.leaf_penalty, json.need_number("leaf_penalty"));
  WINNOW_TRY(check(t));
  return t;
}

Result<Forest> train_forest(const TrainingRows& rows, const ForestTraining& training,
                            std::uint64_t seed, unsigned threads) {
  WINNOW_TRY(check(training));
  WINNOW_TRY(check(rows));
  Matrix matrix;
  WINNOW_TRY(matrix.fill(rows, std::max(1U, threads)));
  Booster booster;
  WINNOW_TRY(booster.create(matrix));
  WINNOW_TRY(configure(booster, rows, training, seed, threads));
  for (std::uint32_t tree = 0; tree < training.trees; ++tree) {
    WINNOW_TRY(booster.grow(static_cast<int>(tree), matrix));
  }
  WINNOW_TRY(const auto bytes, booster.bytes());
  return read_xgboost(bytes);
}

}  // namespace winnow::learn
