#include "learn/training_plan.h"

#include <array>

#include <fmt/format.h>

namespace winnow::learn {
namespace {

constexpr std::array kFoldBys = {FoldBy::Group, FoldBy::Time, FoldBy::Source};
constexpr std::array kCurves = {CalibrationCurve::None, CalibrationCurve::Platt,
                                CalibrationCurve::Isotonic};

template <typename Choice, std::size_t n>
Result<Choice> need_choice(const Json& json, std::string_view key,
                           const std::array<Choice, n>& choices) {
  WINNOW_TRY(const auto name, json.need_string(key));
  for (const auto choice : choices) {
    if (name_of(choice) == name) return choice;
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' cannot be '{}'", key, name));
}

Status check(const TrainingPlan& plan) {
  if (!(plan.text_share >= 0 && plan.text_share < 1)) {
    return Error(Code::InvalidArgument,
                 fmt::format("text_share is {}, not in [0, 1)", plan.text_share));
  }
  if (!(plan.prevalence >= 0 && plan.prevalence < 1)) {
    return Error(Code::InvalidArgument,
                 fmt::format("prevalence is {}, not in [0, 1)", plan.prevalence));
  }
  if (plan.folds < 2 || plan.folds > 64) {
    return Error(Code::InvalidArgument,
                 fmt::format("folds is {}, not between 2 and 64", plan.folds));
  }
  return {};
}

}  // namespace

std::string_view name_of(CalibrationCurve curve) {
  switch (curve) {
    case CalibrationCurve::None:
      return "none";
    case CalibrationCurve::Platt:
      return "platt";
    case CalibrationCurve::Isotonic:
      return "isotonic";
  }
  return "none";
}

Json TrainingPlan::json() const {
  return Json::object({{"seed", seed},
                       {"sampling", sampling.json()},
                       {"forest", forest.json()},
                       {"dropout", dropout.json()},
                       {"text", text.json()},
                       {"stack_text", stack_text},
                       {"text_share", text_share},
                       {"fold_by", name_of(fold_by)},
                       {"folds", folds},
                       {"calibration", name_of(calibration)},
                       {"prevalence", prevalence}});
}

Result<TrainingPlan> TrainingPlan::from_json(const Json& json) {
  TrainingPlan plan;
  WINNOW_TRY(const auto seed, json.need_int("seed"));
  plan.seed = static_cast<std::uint64_t>(seed);
  WINNOW_TRY(plan.sampling, Sampling::from_json(json["sampling"]));
  WINNOW_TRY(plan.forest, ForestTraining::from_json(json["forest"]));
  WINNOW_TRY(plan.dropout, ViewDropout::from_json(json["dropout"]));
  WINNOW_TRY(plan.text, LinearTraining::from_json(json["text"]));
  WINNOW_TRY(plan.stack_text, json.need_bool("stack_text"));
  WINNOW_TRY(plan.text_share, json.need_number("text_share"));
  WINNOW_TRY(plan.fold_by, need_choice(json, "fold_by", kFoldBys));
  WINNOW_TRY(const auto folds, json.need_int("folds"));
  plan.folds = folds >= 0 && folds <= 64 ? static_cast<std::uint32_t>(folds) : 0;
  WINNOW_TRY(plan.calibration, need_choice(json, "calibration", kCurves));
  WINNOW_TRY(plan.prevalence, json.need_number("prevalence"));
  WINNOW_TRY(check(plan));
  return plan;
}

}  // namespace winnow::learn
