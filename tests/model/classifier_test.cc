#include "model/classifier.h"

#include <cmath>

#include "tests/model/random_forest.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::code_of;

ClassifierParts parts() {
  Rng rng(3);
  ClassifierParts parts;
  parts.features = {"links", "age", "text", "reply_to"};
  parts.forest = testing::random_forest({.features = 4, .trees = 10}, rng);
  parts.text = LinearModel::create({0.5F, 0, -2, 0, 0, 1}, 0.25F).value();
  parts.text_feature = "text";
  parts.forest_weight = 0.75F;
  parts.text_weight = 0.5F;
  parts.calibrator = Calibrator::platt(1.5F, -0.25F).value();
  return parts;
}

constexpr std::uint32_t kIndices[] = {0, 2, 5, 9};
constexpr float kValues[] = {2, 0.5F, 4, 100};
const SparseView kText{kIndices, kValues};

TEST(LinearModel, SumsWeightTimesValueAndIgnoresWhatItDoesNotKnow) {
  const auto model = *parts().text;
  EXPECT_EQ(model.margin(kText), 0.25F + 1 - 1 + 4);
  EXPECT_EQ(model.margin({}), 0.25F);
  EXPECT_EQ(LinearModel().margin(kText), 0);
  EXPECT_EQ(model.strongest_terms(kText, 2), (std::vector<LinearModel::Term>{{5, 4}, {0, 1}}));
}

TEST(LinearModel, RefusesWeightsThatAreNotFinite) {
  EXPECT_EQ(code_of(LinearModel::create({1, NAN}, 0)), Code::InvalidArgument);
  EXPECT_EQ(code_of(LinearModel::create({1}, INFINITY)), Code::InvalidArgument);
}

TEST(Calibrator, NeverDescends) {
  const auto isotonic =
      Calibrator::piecewise({{-2, 0.01F}, {0, 0.01F}, {0.5F, 0.4F}, {3, 1}}).value();
  for (const auto& calibrator : {Calibrator(), Calibrator::platt(0.3F, 2).value(), isotonic}) {
    float last = 0;
    for (float margin = -40; margin < 40; margin += 0.01F) {
      const float p = calibrator.probability(margin);
      ASSERT_GE(p, last);
      ASSERT_LE(p, 1);
      last = p;
    }
  }
  EXPECT_EQ(isotonic.probability(-INFINITY), 0.01F);
  EXPECT_EQ(isotonic.probability(INFINITY), 1);
  EXPECT_FLOAT_EQ(isotonic.probability(0.25F), 0.205F);
  EXPECT_EQ(Calibrator().probability(NAN), 0.5F);
}

TEST(Calibrator, RefusesWhatIsNoMonotoneMap) {
  EXPECT_EQ(code_of(Calibrator::platt(-1, 0)), Code::InvalidArgument);
  EXPECT_EQ(code_of(Calibrator::piecewise({})), Code::InvalidArgument);
  EXPECT_EQ(code_of(Calibrator::piecewise({{0, 0.5F}, {0, 0.6F}})), Code::InvalidArgument);
  EXPECT_EQ(code_of(Calibrator::piecewise({{0, 0.5F}, {1, 0.4F}})), Code::InvalidArgument);
  EXPECT_EQ(code_of(Calibrator::piecewise({{0, 1.5F}})), Code::InvalidArgument);
}

TEST(Classifier, BlendsTheLogOddsAndCalibrates) {
  const auto classifier = Classifier::create(parts()).value();
  EXPECT_EQ(classifier.text_column(), 2U);
  const std::vector<float> row = {1, NAN, classifier.text_log_odds(kText), 0};
  float forest = 0;
  walk_margins(parts().forest, row, {&forest, 1});
  float margin = 0;
  classifier.margins({row.data(), 1, 4}, {&margin, 1});
  EXPECT_EQ(margin, forest * 0.75F + 0.5F * 4.25F);
  float probability = 0;
  classifier.score({row.data(), 1, 4}, {&probability, 1});
  EXPECT_EQ(probability, parts().calibrator.probability(margin));
}

TEST(Classifier, AMissingTextAddsNothing) {
  const auto classifier = Classifier::create(parts()).value();
  const std::vector<float> row = {1, 2, NAN, 0};
  float forest = 0;
  walk_margins(parts().forest, row, {&forest, 1});
  float margin = 0;
  classifier.margins({row.data(), 1, 4}, {&margin, 1});
  EXPECT_EQ(margin, forest * 0.75F);
}

TEST(Classifier, ContributionsSumToTheBlendedLogOdds) {
  const auto classifier = Classifier::create(parts()).value();
  testing::for_each_seed(5, [&](Rng& rng) {
    const auto rows = testing::random_rows(parts().forest, 20, rng);
    const MatrixView view{rows.data(), 20, 4};
    std::vector<float> margins(20);
    classifier.margins(view, margins);
    Contributions out;
    classifier.explain(view, out);
    for (std::size_t i = 0; i < 20; ++i) {
      if (!std::isfinite(margins[i])) continue;
      double sum = static_cast<double>(out.base(i));
      for (const float value : out.row(i)) sum += static_cast<double>(value);
      EXPECT_NEAR(sum, margins[i], 1e-4 * std::max(1.F, std::fabs(margins[i])));
    }
  });
}

TEST(Classifier, SplitsTheTextsContributionOverItsTerms) {
  const auto classifier = Classifier::create(parts()).value();
  const auto terms = classifier.text_terms(kText, 2.5F, 10);
  EXPECT_EQ(terms, (std::vector<LinearModel::Term>{{5, 2}, {0, 0.5F}}));
  EXPECT_EQ(classifier.text_terms(kText, -1, 10), (std::vector<LinearModel::Term>{{2, -1}}));
  EXPECT_EQ(classifier.text_terms({}, 1, 10).size(), 0U);
}

TEST(Classifier, RefusesPartsThatDoNotFit) {
  const auto changed = [](const auto& change) {
    auto broken = parts();
    change(broken);
    return code_of(Classifier::create(std::move(broken)));
  };
  EXPECT_EQ(changed([](auto& p) { p.features.pop_back(); }), Code::InvalidArgument);
  EXPECT_EQ(changed([](auto& p) { p.features[1] = "links"; }), Code::InvalidArgument);
  EXPECT_EQ(changed([](auto& p) { p.text_feature = "body"; }), Code::InvalidArgument);
  EXPECT_EQ(changed([](auto& p) { p.text.reset(); }), Code::InvalidArgument);
  EXPECT_EQ(changed([](auto& p) { p.forest_weight = NAN; }), Code::InvalidArgument);
  EXPECT_EQ(changed([](auto& p) { p.forest.base_scores.push_back(0); }), Code::InvalidArgument);
}

TEST(ClassifierBytes, ReadBackTheSameAndNoFlippedByteGoesUnseen) {
  auto plain = parts();
  plain.text.reset();
  plain.text_feature.clear();
  plain.text_weight = 0;
  plain.calibrator = Calibrator::piecewise({{-1, 0.1F}, {1, 0.9F}}).value();
  for (const auto& each : {parts(), plain}) {
    const auto bytes = Classifier::create(each).value().to_bytes();
    const auto again = Classifier::from_bytes(bytes);
    ASSERT_OK(again);
    EXPECT_EQ(again->to_bytes(), bytes);
    EXPECT_EQ(again->features(), each.features);
    EXPECT_EQ(again->text(), each.text);
    EXPECT_EQ(again->calibrator(), each.calibrator);
    for (std::size_t i = 0; i < bytes.size(); i += 5) {
      auto broken = bytes;
      broken[i] = static_cast<char>(broken[i] ^ 1);
      EXPECT_FALSE(Classifier::from_bytes(broken)) << i;
    }
    EXPECT_FALSE(Classifier::from_bytes(bytes.substr(0, bytes.size() - 1)));
  }
}

}  // namespace
}  // namespace winnow
