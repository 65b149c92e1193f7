// Everything that shapes a training besides its data: the `parameters` of a Run.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "learn/forest_trainer.h"
#include "learn/linear_trainer.h"
#include "learn/sampling.h"
#include "learn/splits.h"
#include "learn/view_dropout.h"

namespace winnow::learn {

enum class CalibrationCurve : std::uint8_t {
  None,  // the margin through the logistic function: for comparing rankings, at a fifth of the cost
  Platt,
  Isotonic,
};

std::string_view name_of(CalibrationCurve curve);  // "none", "platt", "isotonic"

struct TrainingPlan {
  std::uint64_t seed = 1;
  Sampling sampling;
  ForestTraining forest;
  ViewDropout dropout;
  LinearTraining text;
  // The text model's log-odds are a column of the forest (made out of fold, rising) ...
  bool stack_text = false;
  // ... or are blended with the forest's: margin = (1 - share) x forest + share x text; 0 to
  // below 1.
  double text_share = 0.4;
  FoldBy fold_by = FoldBy::Source;  // how out-of-fold scores are made
  std::uint32_t folds = 4;
  CalibrationCurve calibration = CalibrationCurve::Platt;
  // Share of malicious events that probabilities are calibrated to; 0: that of the training rows.
  double prevalence = 0;

  Json json() const;
  static Result<TrainingPlan> from_json(const Json& json);  // Errors: InvalidArgument
};

}  // namespace winnow::learn
