// Novelty as a share of the ordinary, and bytes that are not trusted.
#include "model/novelty_model.h"

#include <cmath>

#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

// One split singles out large values: a row beyond 10 is novel, others are not.
IsolationForest lonely_forest() {
  return IsolationForest::create(
             {{"bytes"},
              {{{0, 10, false, 2, 0}, {0, 0, false, 0, 255}, {0, 0, false, 0, 1}}},
              average_path(256)})
      .value();
}

float score_of(float value) {
  float score = 0;
  lonely_forest().score({&value, 1, 1}, {&score, 1});
  return score;
}

TEST(NoveltyModel, TellsTheShareOfOrdinaryRowsThatAreLessNovel) {
  const float low = score_of(1), high = score_of(100);
  ASSERT_LT(low, high);
  std::vector<float> ordinary(98, low);
  ordinary.push_back(high);
  const auto model = NoveltyModel::create(lonely_forest(), ordinary).value();
  const std::vector<float> usual = {1}, novel = {100};
  EXPECT_EQ(model.novelty(usual), 0);
  EXPECT_EQ(model.novelty(novel), 0.98);
}

TEST(NoveltyModel, ClaimsNoMoreThanWhatItComparesWithCanShow) {
  const auto model = NoveltyModel::create(lonely_forest(), std::vector<float>(9, 0)).value();
  const std::vector<float> novel = {100};
  EXPECT_EQ(model.novelty(novel), 0.9);
}

TEST(NoveltyModel, NeedsOrdinaryRowsOfWhichScoresAreScores) {
  EXPECT_EQ(code_of(NoveltyModel::create(lonely_forest(), {})), Code::InvalidArgument);
  EXPECT_EQ(code_of(NoveltyModel::create(lonely_forest(), {0.5F, NAN})), Code::InvalidArgument);
  EXPECT_EQ(code_of(NoveltyModel::create(lonely_forest(), {1.5F})), Code::InvalidArgument);
  const std::vector<float> many(NoveltyModel::kMaxOrdinary + 1, 0.5F);
  EXPECT_EQ(code_of(NoveltyModel::create(lonely_forest(), many)), Code::InvalidArgument);
}

TEST(NoveltyModel, ReadsBackBitForBitAndNothingElse) {
  const auto bytes = NoveltyModel::create(lonely_forest(), {0.4F, 0.3F, 0.5F}).value().to_bytes();
  const auto back = NoveltyModel::from_bytes(bytes);
  ASSERT_OK(back);
  EXPECT_EQ(back->to_bytes(), bytes);
  EXPECT_EQ(back->ordinary(), (std::vector<float>{0.3F, 0.4F, 0.5F}));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto other = bytes;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_FALSE(NoveltyModel::from_bytes(other)) << i;
    EXPECT_FALSE(NoveltyModel::from_bytes(std::string_view(bytes).substr(0, i))) << i;
  }
}

}  // namespace
}  // namespace winnow
