#include "learn/trainer.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/contract.h"
#include "learn/calibration.h"
#include "model/forest_model.h"

namespace winnow::learn {
namespace {

// Below it, margins of held-out sources do not tell how sure the text model may be.
constexpr double kLeastTextSlope = 0.2;

// One training under way: the rows it drew and the folds that keep its own scores honest.
class Training {
 public:
  Training(const DataSet& data, const TrainingPlan& plan, unsigned threads, Progress& progress)
      : data_(data), plan_(plan), threads_(threads), progress_(progress), rng_(plan.seed) {}

  Result<Trained> run(std::span<const std::uint32_t> rows) {
    auto sample = sample_rows(data_, rows, plan_.sampling, rng_.fork("sampling"));
    rows_ = std::move(sample.rows);
    malicious_share_ = sample.malicious_share;
    const auto truth = truth_of(data_, rows_);
    const auto malicious = std::count(truth.begin(), truth.end(), 1);
    if (malicious == 0 || static_cast<std::size_t>(malicious) == truth.size()) {
      return Error(Code::InvalidArgument, "training needs malicious and benign rows")
          .with_hint("label events of the missing class, or widen the time that trains");
    }
    if (needs_folds()) {
      WINNOW_TRY(fold_of_, folds_of(data_, rows_, plan_.fold_by, plan_.folds, plan_.seed));
    }
    ClassifierParts parts;
    for (const auto& column : data_.shape().columns) parts.features.push_back(column.name);
    if (uses_text()) {
      WINNOW_TRY(train_text());
      parts.text = text_;
      parts.text_feature = kTextColumn;
      parts.features.emplace_back(kTextColumn);
      parts.text_weight = static_cast<float>(plan_.text_share);
      parts.forest_weight = static_cast<float>(1 - plan_.text_share);
    }
    progress_.stage("training trees", 1);
    WINNOW_TRY(parts.forest, train_forest_on(everywhere(), "forest"));
    parts.forest.feature_names = parts.features;
    progress_.advance(1);
    std::vector<double> margins;
    if (plan_.calibration != CalibrationCurve::None) {
      WINNOW_TRY(margins, blended_margins_by_fold());
      WINNOW_TRY(parts.calibrator, calibrator(margins));
    }
    WINNOW_TRY(auto classifier, Classifier::create(std::move(parts)));
    const TrainedOn on{rows_.size(), static_cast<std::uint64_t>(malicious), rows.size()};
    return Trained{std::move(classifier), on,
                   margins.empty() ? std::vector<std::uint32_t>() : rows_, std::move(margins)};
  }

 private:
  bool uses_text() const {
    return data_.shape().term_space > 0 && (plan_.stack_text || plan_.text_share > 0);
  }
  bool needs_folds() const { return uses_text() || plan_.calibration != CalibrationCurve::None; }

  std::vector<std::uint32_t> everywhere() const {
    std::vector<std::uint32_t> positions(rows_.size());
    for (std::uint32_t i = 0; i < positions.size(); ++i) positions[i] = i;
    return positions;
  }
  std::vector<std::uint32_t> rows_at(std::span<const std::uint32_t> positions) const {
    std::vector<std::uint32_t> rows;
    for (const auto position : positions) rows.push_back(rows_[position]);
    return rows;
  }

  struct Fold {
    std::vector<std::uint32_t> train, score;  // positions in rows_
  };
  // Those that score in fold `k`, and those that may train for it: neither they nor their copies.
  Fold fold(std::uint32_t k) const {
    Fold fold;
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      if (fold_of_[i] == k) fold.score.push_back(i);
    }
    std::vector<bool> scored(data_.size(), false);
    for (const auto i : fold.score) scored[data_.group(rows_[i])] = true;
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      if (fold_of_[i] != k && !scored[data_.group(rows_[i])]) fold.train.push_back(i);
    }
    return fold;
  }

  Result<LinearModel> train_text_on(std::span<const std::uint32_t> positions) const {
    const auto rows = rows_at(positions);
    return train_linear(data_, rows, truth_of(data_, rows),
                        row_weights(data_, rows, plan_.sampling), plan_.text, rng_.fork("text"));
  }

  // One margin for each of rows_, by models that saw neither it nor its copies: `margins_of` trains
  // on a fold's `train` and tells those of its `score`, in their order.
  template <typename MarginsOf>
  Result<std::vector<double>> out_of_fold(std::string_view stage,
                                          const MarginsOf& margins_of) const {
    progress_.stage(stage, plan_.folds);
    std::vector<double> margins(rows_.size(), 0);
    for (std::uint32_t k = 0; k < plan_.folds; ++k) {
      const auto part = fold(k);
      progress_.advance(1);
      if (part.score.empty()) continue;
      WINNOW_TRY(const std::vector<double> told, margins_of(k, part));
      for (std::size_t i = 0; i < told.size(); ++i) margins[part.score[i]] = told[i];
    }
    return margins;
  }

  Result<std::vector<double>> text_margins_by_fold() const {
    const auto margins_of = [&](std::uint32_t, const Fold& part) -> Result<std::vector<double>> {
      WINNOW_TRY(const auto model, train_text_on(part.train));
      return text_margins(model, data_, rows_at(part.score));
    };
    return out_of_fold("training the text model", margins_of);
  }

  Result<PlattFit> line_through(std::span<const double> margins) const {
    return fit_platt(margins, truth_of(data_, rows_), row_weights(data_, rows_, plan_.sampling));
  }

  // Fits the text model, and on its out-of-fold margins the line that makes them log-odds.
  Status train_text() {
    WINNOW_TRY(auto margins, text_margins_by_fold());
    WINNOW_TRY(auto line, line_through(margins));
    if (line.slope < kLeastTextSlope && plan_.fold_by == FoldBy::Source) {
      // With few sources a fold may leave nothing like itself to learn from, and its margins say
      // nothing of the text model that all rows train.
      WINNOW_TRY(fold_of_, folds_of(data_, rows_, FoldBy::Group, plan_.folds, plan_.seed));
      WINNOW_TRY(margins, text_margins_by_fold());
      WINNOW_TRY(line, line_through(margins));
    }
    for (const auto margin : margins) {
      text_log_odds_.push_back(static_cast<float>(line.slope * margin + line.offset));
    }
    WINNOW_TRY(const auto model, train_text_on(everywhere()));
    std::vector<float> weights(model.weights().begin(), model.weights().end());
    for (auto& weight : weights) weight = static_cast<float>(line.slope * weight);
    WINNOW_TRY(text_,
               LinearModel::create(std::move(weights),
                                   static_cast<float>(line.slope * model.bias() + line.offset)));
    return {};
  }

  Result<Forest> train_forest_on(std::span<const std::uint32_t> positions,
                                 std::string_view purpose) const {
    const auto rows = rows_at(positions);
    std::vector<float> extra;
    if (uses_text()) {
      // A constant column grows no split: without stacking the forest does not look at the text.
      for (const auto i : positions) extra.push_back(plan_.stack_text ? text_log_odds_[i] : 0.0F);
    }
    const auto augmented = augment(data_, rows, extra, plan_.dropout, rng_.fork(purpose));
    const auto weights = row_weights(data_, rows, plan_.sampling);
    const auto truth = truth_of(data_, rows);
    std::vector<float> all_weights;
    std::vector<std::uint8_t> all_truth;
    for (std::size_t block = 0; block < augmented.blocks; ++block) {
      for (const double weight : weights) {
        all_weights.push_back(static_cast<float>(weight / static_cast<double>(augmented.blocks)));
      }
      all_truth.insert(all_truth.end(), truth.begin(), truth.end());
    }
    std::vector<std::int8_t> trends;
    for (const auto& column : data_.shape().columns) trends.push_back(column.trend);
    if (uses_text()) trends.push_back(1);
    return train_forest({augmented.view(), all_truth, all_weights, trends}, plan_.forest,
                        rng_.fork(purpose).next(), threads_);
  }

  // Of a forest and the text model together.
  std::vector<double> blended_margins(const ForestModel& model,
                                      std::span<const std::uint32_t> positions) const {
    std::vector<float> row(model.columns()), margin(1);
    std::vector<double> blended;
    for (const auto i : positions) {
      const auto values = data_.values(rows_[i]);
      std::copy(values.begin(), values.end(), row.begin());
      if (uses_text()) row.back() = text_log_odds_[i];
      model.margins({row.data(), 1, row.size()}, margin);
      const double text = uses_text() ? plan_.text_share * text_log_odds_[i] : 0;
      blended.push_back((uses_text() ? 1 - plan_.text_share : 1) * margin[0] + text);
    }
    return blended;
  }

  Result<std::vector<double>> blended_margins_by_fold() const {
    const auto margins_of = [&](std::uint32_t k, const Fold& part) -> Result<std::vector<double>> {
      WINNOW_TRY(auto forest, train_forest_on(part.train, fmt::format("fold {}", k)));
      WINNOW_TRY(const auto model, ForestModel::compile(std::move(forest)));
      return blended_margins(model, part.score);
    };
    return out_of_fold("calibrating", margins_of);
  }

  Result<Calibrator> calibrator(std::span<const double> margins) const {
    const auto truth = truth_of(data_, rows_);
    auto weights = row_weights(data_, rows_, plan_.sampling);  // both classes weigh the same
    const auto malicious = static_cast<double>(std::count(truth.begin(), truth.end(), 1));
    const auto half = static_cast<double>(truth.size()) / 2;
    const double share = plan_.prevalence > 0 ? plan_.prevalence : malicious_share_;
    // As many malicious rows as there are, and benign ones as if all of them were here: smoothed
    // targets count rows.
    const double each_malicious = malicious / half;
    const double each_benign = each_malicious * (1 - share) / share;
    for (std::size_t i = 0; i < weights.size(); ++i)
      weights[i] *= truth[i] != 0 ? each_malicious : each_benign;
    if (plan_.calibration == CalibrationCurve::Platt) {
      WINNOW_TRY(const auto fit, fit_platt(margins, truth, weights));
      // A useless score still has to rise, if by next to nothing.
      return Calibrator::platt(std::max(static_cast<float>(fit.slope), 1e-6F),
                               static_cast<float>(fit.offset));
    }
    WINNOW_TRY(const auto fit, fit_isotonic(margins, truth, weights));
    std::vector<Calibrator::Knot> knots;
    for (std::size_t i = 0; i < fit.margins.size(); ++i) {
      const Calibrator::Knot knot{static_cast<float>(fit.margins[i]),
                                  static_cast<float>(fit.probabilities[i])};
      // Margins that differ as doubles may be one float.
      if (!knots.empty() && knots.back().margin == knot.margin)
        knots.back().probability = knot.probability;
      else
        knots.push_back(knot);
    }
    return Calibrator::piecewise(std::move(knots));
  }

  const DataSet& data_;
  const TrainingPlan& plan_;
  unsigned threads_;
  Progress& progress_;
  Rng rng_;
  std::vector<std::uint32_t> rows_;     // the sampled ones
  double malicious_share_ = 0;          // as if no benign row had been left out
  std::vector<std::uint32_t> fold_of_;  // one for each of rows_
  std::optional<LinearModel> text_;
  std::vector<float> text_log_odds_;  // out of fold, one for each of rows_
};

// For each feature of the classifier but its text column, the column of the data.
Result<std::vector<std::size_t>> columns_of(const Classifier& classifier, const DataSet& data) {
  if (classifier.text() && classifier.text()->size() != data.shape().term_space) {
    return Error(Code::InvalidArgument,
                 fmt::format("the model reads {} text terms, the data has {}",
                             classifier.text()->size(), data.shape().term_space));
  }
  const auto& columns = data.shape().columns;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < classifier.columns(); ++i) {
    const auto& name = classifier.features()[i];
    const auto at = std::find_if(columns.begin(), columns.end(),
                                 [&](const auto& column) { return column.name == name; });
    if (at == columns.end() && classifier.text_column() != i) {
      return Error(Code::InvalidArgument,
                   fmt::format("the model takes a feature '{}' that the data does not have", name));
    }
    found.push_back(static_cast<std::size_t>(at - columns.begin()));
  }
  return found;
}

}  // namespace

Result<Trained> train_classifier(const DataSet& data, std::span<const std::uint32_t> rows,
                                 const TrainingPlan& plan, unsigned threads, Progress& progress) {
  return Training(data, plan, threads, progress).run(rows);
}

Result<std::vector<double>> probabilities_of(const Classifier& classifier, const DataSet& data,
                                             std::span<const std::uint32_t> rows) {
  WINNOW_TRY(const auto columns, columns_of(classifier, data));
  std::vector<double> out(rows.size());
  std::vector<float> row(classifier.columns()), scratch;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto values = data.values(rows[i]);
    for (std::size_t c = 0; c < row.size(); ++c) {
      row[c] = classifier.text_column() == c
                   ? classifier.text_log_odds(data.terms(rows[i], scratch))
                   : values[columns[c]];
    }
    float probability = 0;
    classifier.score(MatrixView{row.data(), 1, row.size()}, {&probability, 1});
    out[i] = probability;
  }
  return out;
}

}  // namespace winnow::learn
