// What shapes a training besides data and content: content/training/mail.yaml.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "ingest/event_log.h"
#include "learn/evaluation.h"
#include "learn/training_plan.h"

namespace winnow::learn {

struct TrainingRequest {
  TrainingPlan plan;
  ExpandingWindows windows;  // of the validation in time order
  EvaluationOptions evaluation;
  EventFilter events;  // which of the log

  Json json() const;
  // As content says it. Errors: InvalidArgument, naming the key.
  static Result<TrainingRequest> from_json(const Json& json);
  // As a run's parameters say it, json() of then: what was not said yet did not happen. Errors: as
  // above.
  static Result<TrainingRequest> from_record(const Json& json);
};

}  // namespace winnow::learn
