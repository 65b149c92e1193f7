// Side by side with libxgboost: it trains, both read the model, and the answers are the same.
#include <cmath>
#include <memory>

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include "model/forest_import.h"
#include "model/forest_model.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

constexpr std::size_t kRows = 400;
constexpr std::size_t kColumns = 8;

struct Case {
  const char* name;
  std::vector<std::pair<const char*, const char*>> parameters;
  bool bit_equal = true;
};

void require(int code) { ASSERT_EQ(code, 0) << XGBGetLastError(); }

class Library {
 public:
  explicit Library(const Case& c, const std::vector<float>& rows,
                   const std::vector<float>& labels) {
    require(XGDMatrixCreateFromMat(rows.data(), kRows, kColumns, NAN, &matrix_));
    require(XGDMatrixSetFloatInfo(matrix_, "label", labels.data(), labels.size()));
    require(XGBoosterCreate(&matrix_, 1, &booster_));
    require(XGBoosterSetParam(booster_, "nthread", "1"));
    for (const auto& [name, value] : c.parameters)
      require(XGBoosterSetParam(booster_, name, value));
    for (int round = 0; round < 12; ++round)
      require(XGBoosterUpdateOneIter(booster_, round, matrix_));
  }
  ~Library() {
    XGBoosterFree(booster_);
    XGDMatrixFree(matrix_);
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  std::string saved(std::string_view format) const {
    bst_ulong size = 0;
    const char* bytes = nullptr;
    require(XGBoosterSaveModelToBuffer(
        booster_, fmt::format("{{\"format\":\"{}\"}}", format).c_str(), &size, &bytes));
    return {bytes, size};
  }

  // `what` is a mask: 1 margins, 4 contributions.
  std::vector<float> predict(int what) const {
    bst_ulong size = 0;
    const float* values = nullptr;
    require(XGBoosterPredict(booster_, matrix_, what, 0, 0, &size, &values));
    return {values, values + size};
  }

 private:
  DMatrixHandle matrix_ = nullptr;
  BoosterHandle booster_ = nullptr;
};

class XgboostLibrary : public ::testing::TestWithParam<Case> {
 protected:
  XgboostLibrary() {
    Rng rng(11);
    for (std::size_t i = 0; i < kRows; ++i) {
      float sum = 0;
      for (std::size_t f = 0; f < kColumns; ++f) {
        const auto x =
            static_cast<float>(f % 2 == 0 ? rng.normal() : static_cast<double>(rng.below(5)));
        rows_.push_back(rng.chance(0.1) ? NAN : x);
        sum += x * static_cast<float>(f % 3);
      }
      labels_.push_back(static_cast<float>(std::clamp(static_cast<int>(sum / 8 + 1), 0, 2)));
      if (std::string_view(GetParam().name) != "classes")
        labels_.back() = std::min(labels_.back(), 1.F);
    }
  }
  std::vector<float> rows_;
  std::vector<float> labels_;
};

TEST_P(XgboostLibrary, GivesTheSameMarginsAndContributions) {
  const Library library(GetParam(), rows_, labels_);
  const auto forest = read_xgboost(library.saved("json"));
  ASSERT_OK(forest);
  EXPECT_EQ(read_xgboost(library.saved("ubj")).value(), *forest);
  EXPECT_EQ(read_xgboost(library.saved("deprecated")).value().trees, forest->trees);

  const auto outputs = forest->outputs();
  const auto want = library.predict(1);
  const auto explained = library.predict(4);
  ASSERT_EQ(want.size(), kRows * outputs);
  ASSERT_EQ(explained.size(), kRows * outputs * (kColumns + 1));
  for (const auto level : cpu_levels()) {
    const auto model = ForestModel::compile(*forest, level).value();
    std::vector<float> margins(want.size());
    model.margins({rows_.data(), kRows, kColumns}, margins);
    for (std::size_t i = 0; i < want.size(); ++i) {
      if (GetParam().bit_equal) {
        ASSERT_EQ(margins[i], want[i]) << name_of(level) << " value " << i;
      } else {
        ASSERT_NEAR(margins[i], want[i], 1e-5) << name_of(level) << " value " << i;
      }
    }
    for (std::size_t k = 0; k < outputs; ++k) {
      Contributions ours;
      model.explain_output({rows_.data(), kRows, kColumns}, k, ours);
      for (std::size_t i = 0; i < kRows; ++i) {
        const float* theirs = explained.data() + (i * outputs + k) * (kColumns + 1);
        for (std::size_t f = 0; f < kColumns; ++f)
          ASSERT_NEAR(ours.row(i)[f], theirs[f], 1e-5) << name_of(level);
        ASSERT_NEAR(ours.base(i), theirs[kColumns], 1e-5);
      }
    }
  }
}

const Case kCases[] = {
    {"logistic",
     {{"objective", "binary:logistic"}, {"max_depth", "6"}, {"min_child_weight", "0.1"}}},
    {"deep", {{"objective", "binary:logistic"}, {"max_depth", "9"}, {"min_child_weight", "0.01"}}},
    {"pruned", {{"objective", "reg:squarederror"}, {"tree_method", "exact"}, {"gamma", "0.5"}}},
    {"poisson", {{"objective", "count:poisson"}, {"max_depth", "4"}}},
    {"classes", {{"objective", "multi:softprob"}, {"num_class", "3"}, {"max_depth", "3"}}},
    {"parallel",
     {{"objective", "binary:logistic"}, {"num_parallel_tree", "3"}, {"subsample", "0.6"}}},
    {"dart", {{"booster", "dart"}, {"rate_drop", "0.4"}, {"objective", "reg:squarederror"}}, false},
};
INSTANTIATE_TEST_SUITE_P(Trained, XgboostLibrary, ::testing::ValuesIn(kCases),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace winnow
