// The model artifact that decides: a forest over named features, an optional linear model over the
// same (imported ones have it instead), an optional one over text whose log-odds are one of those
// features, and the calibration of their blend.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/cpu.h"
#include "base/matrix.h"
#include "base/result.h"
#include "model/calibrator.h"
#include "model/column_linear.h"
#include "model/forest.h"
#include "model/forest_model.h"
#include "model/linear.h"
#include "model/model.h"

namespace winnow {

// What a classifier is made of. margin = forest_weight x forest margin + linear margin +
// text_weight x text log-odds.
struct ClassifierParts {
  std::vector<std::string> features;  // the columns of a row, unique, one for each forest feature
  Forest forest;                      // one output
  std::optional<LinearModel> text;
  std::string text_feature;  // the column that holds the text model's log-odds; empty without one
  float forest_weight = 1;
  float text_weight = 0;
  Calibrator calibrator;
  std::optional<ColumnLinear> linear = std::nullopt;

  friend bool operator==(const ClassifierParts&, const ClassifierParts&) = default;
};

// Immutable and shared by threads. A row is complete once its text column is filled
// (text_log_odds), so a stored row can be scored again without the text.
class Classifier final : public Model {
 public:
  // Errors: InvalidArgument (names that repeat or do not fit, weights that are not finite, a text
  // feature without a text model or the reverse), those of ForestModel::compile and of check() of
  // the linear model.
  static Result<Classifier> create(ClassifierParts parts, CpuLevel level = cpu_level());

  const std::vector<std::string>& features() const { return features_; }
  std::optional<std::size_t> text_column() const { return text_column_; }
  const std::optional<LinearModel>& text() const { return text_; }
  const Calibrator& calibrator() const { return calibrator_; }
  const std::optional<ColumnLinear>& linear() const { return linear_; }
  const Forest& forest() const { return forest_.forest(); }
  std::size_t columns() const override { return features_.size(); }

  // What belongs into the text column: the text model's margin, 0 without one.
  float text_log_odds(SparseView text) const;

  // The blended log-odds before calibration, and the calibrated probability. NaN in the text column
  // adds nothing to the blend. Allocate nothing.
  void margins(MatrixView rows, std::span<float> margins) const;
  void score(MatrixView rows, std::span<float> probabilities) const override;

  // In blended log-odds; column k belongs to features()[k].
  void explain(MatrixView rows, Contributions& out) const override;

  // Splits the contribution of the text column over the terms that pushed the same way, in
  // proportion to their weight x value: the strongest `count`, strongest first. All such terms sum
  // to `contribution`.
  std::vector<LinearModel::Term> text_terms(SparseView text, float contribution,
                                            std::size_t count) const;

  // The canonical form (docs/formats/model.md): its SHA-256 names the artifact.
  // Errors of reading: Corrupt, Unsupported (a newer version), those of create().
  std::string to_bytes() const;
  static Result<Classifier> from_bytes(std::string_view bytes, const ForestLimits& limits = {},
                                       CpuLevel level = cpu_level());

 private:
  Classifier(ClassifierParts parts, ForestModel forest, std::optional<std::size_t> text_column);

  std::vector<std::string> features_;
  ForestModel forest_;
  std::optional<LinearModel> text_;
  std::optional<std::size_t> text_column_;
  float forest_weight_;
  float text_weight_;
  Calibrator calibrator_;
  std::optional<ColumnLinear> linear_;
};

}  // namespace winnow
