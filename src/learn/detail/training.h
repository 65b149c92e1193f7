// What a training makes, apart from its record: train_mail() and reproduce() share it.
#pragma once

#include <string>

#include "learn/detail/run_material.h"
#include "learn/evaluation.h"
#include "learn/training_request.h"

namespace winnow::learn {

// The bytes of everything a training makes, and what it found on the way.
struct MadeByTraining {
  std::string data_set, model, evaluation;
  EvaluationReport report;
  Json metrics = Json::object();
  std::vector<std::string> always_missing;  // TrainingOutcome::always_missing
};

// Pure: the same events, material and request give the same bytes. Errors: InvalidArgument.
Result<MadeByTraining> make_training(const EventLog& events, const Material& material,
                                     const TrainingRequest& request, unsigned threads,
                                     Progress& progress);

}  // namespace winnow::learn
