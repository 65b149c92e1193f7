// Models that LightGBM and old XGBoost saved, with the predictions those made (real data: see the
// README of its folder for sources and licences).
#include <cmath>

#include "base/file.h"
#include "model/forest_import.h"
#include "tests/model/tables.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

enum class Rows { Tabs, Libsvm, LibsvmZeros };
enum class Predicts { Margin, Prediction };

struct Case {
  const char* model;
  const char* rows;
  Rows form;
  std::size_t skip;  // columns before the features
  const char* want;
  Predicts predicts;
  std::size_t trees = 0;  // 0: all
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.model << " " << c.want;
}

class TreeModels : public ::testing::TestWithParam<Case> {
 protected:
  static std::vector<std::vector<float>> read_rows(const Case& c, const std::string& text,
                                                   std::size_t columns) {
    if (c.form != Rows::Tabs)
      return testing::libsvm_rows(text, columns, c.form == Rows::Libsvm ? NAN : 0.F);
    auto rows = testing::numbers_of(text, '\t');
    for (auto& row : rows)
      row.erase(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(c.skip));
    return rows;
  }
};

TEST_P(TreeModels, PredictAsTheirLibraryDid) {
  const auto folder = testing::unpacked("interop/tree-models.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  const auto& c = GetParam();
  const auto root = *folder / "tree-models";
  auto forest = read_forest(read_file(root / c.model, 64UL << 20).value());
  ASSERT_OK(forest);
  if (c.trees > 0) forest->trees.resize(c.trees);
  const auto rows = read_rows(c, read_file(root / c.rows, 64UL << 20).value(), forest->features);
  const auto want = testing::numbers_of(read_file(root / c.want, 64UL << 20).value(), '\t');
  ASSERT_EQ(rows.size(), want.size());
  std::vector<float> out(forest->outputs());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_GE(rows[i].size(), forest->features);
    walk_margins(*forest, rows[i], out);
    if (c.predicts == Predicts::Prediction) apply_link(*forest, out);
    ASSERT_GE(want[i].size(), out.size());
    for (std::size_t k = 0; k < out.size(); ++k) {
      ASSERT_NEAR(out[k], want[i][k], 2e-5 * std::max(1.F, std::fabs(want[i][k])))
          << "row " << i << " output " << k;
    }
  }
  EXPECT_EQ(forest_from_bytes(to_bytes(*forest)).value(), *forest);
}

// Rows and predictions lie beside the models; names are those of their repositories.
const Case kCases[] = {
    {"leaves/testdata/genlin_fmtp_gamma_AvgClaimAmount.model",
     "leaves/testdata/genlin_fmtp_gamma_AvgClaimAmount_features.tsv", Rows::Tabs, 0,
     "leaves/testdata/genlin_fmtp_gamma_AvgClaimAmount_true_predictions.txt", Predicts::Prediction},
    {"leaves/testdata/genlin_fmtp_poisson_Frequency.model",
     "leaves/testdata/genlin_fmtp_poisson_Frequency_features.tsv", Rows::Tabs, 0,
     "leaves/testdata/genlin_fmtp_poisson_Frequency_true_predictions.txt", Predicts::Prediction},
    {"leaves/testdata/genlin_fmtp_tweedie_PurePremium.model",
     "leaves/testdata/genlin_fmtp_tweedie_PurePremium_features.tsv", Rows::Tabs, 0,
     "leaves/testdata/genlin_fmtp_tweedie_PurePremium_true_predictions.txt", Predicts::Prediction},
    {"leaves/testdata/lg_dart_breast_cancer.model", "leaves/testdata/breast_cancer_test.tsv",
     Rows::Tabs, 0, "leaves/testdata/lg_dart_breast_cancer_true_predictions.txt",
     Predicts::Prediction},
    {"leaves/testdata/lg_kddcup99.model", "leaves/testdata/kddcup99_test.tsv", Rows::Tabs, 0,
     "leaves/testdata/lg_kddcup99_true_predictions.txt", Predicts::Margin},
    {"leaves/testdata/lg_rf_iris.model", "leaves/testdata/iris_test.libsvm", Rows::LibsvmZeros, 0,
     "leaves/testdata/lg_rf_iris_true_predictions.txt", Predicts::Prediction},
    {"leaves/testdata/lgmulticlass.model", "leaves/testdata/multiclass_test.tsv", Rows::Tabs, 1,
     "leaves/testdata/lgmulticlass_true_predictions.txt", Predicts::Prediction},
    {"leaves/testdata/lgmulticlass.model", "leaves/testdata/multiclass_test.tsv", Rows::Tabs, 1,
     "leaves/testdata/lgmulticlass_true_raw_predictions.txt", Predicts::Margin},
    {"leaves/testdata/xgagaricus.model", "leaves/testdata/agaricus_test.libsvm", Rows::Libsvm, 0,
     "leaves/testdata/xgagaricus_true_predictions.txt", Predicts::Prediction},
    {"leaves/testdata/xg_dart_agaricus.model", "leaves/testdata/agaricus_test.libsvm", Rows::Libsvm,
     0, "leaves/testdata/xg_dart_agaricus_true_predictions.txt", Predicts::Margin, 10},
    {"leaves/testdata/xgdermatology.model", "leaves/testdata/dermatology_test.libsvm", Rows::Libsvm,
     0, "leaves/testdata/xgdermatology_true_predictions.txt", Predicts::Margin},
    {"treelite/tests/examples/toy_categorical/toy_categorical_model.txt",
     "treelite/tests/examples/toy_categorical/toy_categorical.test", Rows::Libsvm, 0,
     "treelite/tests/examples/toy_categorical/toy_categorical.test.pred", Predicts::Margin},
    {"treelite/tests/examples/sparse_categorical/sparse_categorical_model.txt",
     "treelite/tests/examples/sparse_categorical/sparse_categorical.test", Rows::Libsvm, 0,
     "treelite/tests/examples/sparse_categorical/sparse_categorical.test.margin", Predicts::Margin},
};
INSTANTIATE_TEST_SUITE_P(Interop, TreeModels, ::testing::ValuesIn(kCases));

TEST(LinearBooster, IsRefusedByName) {
  const auto folder = testing::unpacked("interop/tree-models.tar.zst");
  if (!folder) GTEST_SKIP() << testing::kNoRealData;
  const auto bytes =
      read_file(*folder / "tree-models/leaves/testdata/xgblin_agaricus.model", 1UL << 20).value();
  EXPECT_EQ(testing::code_of(read_xgboost(bytes)), Code::Unsupported);
}

}  // namespace
}  // namespace winnow
