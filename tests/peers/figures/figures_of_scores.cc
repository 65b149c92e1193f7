// The figures of scored rows, for another library to compute too: figures_of_scores FPR < ROWS
// A row is "probability label"; the answer is one line: average precision, ROC-AUC, recall at FPR,
// Brier score, and the isotonic curve's probability for each row.
#include <cstdlib>
#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "learn/calibration.h"
#include "learn/ranking.h"

namespace {

using namespace winnow;  // NOLINT(google-build-using-namespace): one program

// The corners are joined by straight lines and the ends go on level, as scikit-learn predicts.
double at(const learn::IsotonicFit& fit, double margin) {
  const auto& x = fit.margins;
  const auto& y = fit.probabilities;
  if (margin <= x.front()) return y.front();
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (margin <= x[i])
      return y[i - 1] + (y[i] - y[i - 1]) * (margin - x[i - 1]) / (x[i] - x[i - 1]);
  }
  return y.back();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: figures_of_scores FPR < ROWS\n";
    return 2;
  }
  std::vector<double> scores;
  std::vector<std::uint8_t> positive;
  int label = 0;
  for (double score = 0; std::cin >> score >> label;) {
    scores.push_back(score);
    positive.push_back(label != 0 ? 1 : 0);
  }
  const learn::Ranking ranking(scores, positive);
  const auto fit = learn::fit_isotonic(scores, positive, {});
  if (!fit) {
    std::cerr << fit.error().text() << '\n';
    return 1;
  }
  std::cout << fmt::format("{} {} {} {}", ranking.average_precision(), ranking.roc_auc(),
                           ranking.recall_at_fpr(std::strtod(argv[1], nullptr)),
                           learn::brier_score(scores, positive));
  for (const double score : scores) std::cout << fmt::format(" {}", at(*fit, score));
  std::cout << '\n';
  return 0;
}
