#include "learn/training_request.h"

#include <algorithm>
#include <initializer_list>

#include <fmt/format.h>

#include "base/yaml.h"
#include "learn/detail/event_filter_json.h"

namespace winnow::learn {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;

Status only(const Json& json, std::string_view where,
            std::initializer_list<std::string_view> keys) {
  if (!json.is_null() && !json.is_object())
    return Error(Code::InvalidArgument, fmt::format("{} is not a map", where));
  for (const auto& [key, value] : json.members()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    Error unknown(Code::InvalidArgument, fmt::format("{} has no key '{}'", where, key));
    const auto near = nearest(key, keys);
    return near.empty() ? unknown
                        : std::move(unknown).with_hint(fmt::format("did you mean '{}'?", near));
  }
  return {};
}

// A number from `low` to `high`; `fallback` where there is none.
Result<double> number_in(const Json& json, std::string_view key, double fallback, double low,
                         double high) {
  if (json[key].is_null()) return fallback;
  WINNOW_TRY(const double value, json.need_number(key));
  if (!(value >= low && value <= high)) {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is {}, not from {} to {}", key, value, low, high));
  }
  return value;
}

// `curve_points` where it says nothing of them.
Result<TrainingRequest> read(const Json& json, std::uint32_t curve_points) {
  WINNOW_TRY(only(json, "a training",
                  {"training", "plan", "validation", "capacity", "costs", "events", "novelty"}));
  TrainingRequest request;
  WINNOW_TRY(request.plan, TrainingPlan::from_json(json["plan"]));
  auto& evaluation = request.evaluation;
  evaluation.figures.seed = evaluation.probes.seed = request.plan.seed;

  const auto& validation = json["validation"];
  WINNOW_TRY(
      only(validation, "'validation'",
           {"folds", "first_train_share", "embargo_days", "bootstrap_draws", "curve_points"}));
  WINNOW_TRY(const double folds, number_in(validation, "folds", request.windows.folds, 1, 100));
  request.windows.folds = static_cast<std::uint32_t>(folds);
  WINNOW_TRY(
      request.windows.first_train_share,
      number_in(validation, "first_train_share", request.windows.first_train_share, 0.01, 0.99));
  WINNOW_TRY(const double embargo_days, number_in(validation, "embargo_days", 0, 0, 3650));
  request.windows.embargo = Duration(static_cast<std::int64_t>(embargo_days * kDayMicros));
  WINNOW_TRY(const double draws,
             number_in(validation, "bootstrap_draws", evaluation.figures.draws, 0, 10'000));
  evaluation.figures.draws = static_cast<std::uint32_t>(draws);
  WINNOW_TRY(const double points, number_in(validation, "curve_points", curve_points, 0, 10'000));
  evaluation.figures.curve_points = static_cast<std::uint32_t>(points);

  const auto& load = json["capacity"];
  auto& capacity = evaluation.capacity;
  WINNOW_TRY(only(load, "'capacity'", {"alerts_per_day", "events_per_day", "prevalence"}));
  WINNOW_TRY(capacity.alerts_per_day,
             number_in(load, "alerts_per_day", capacity.alerts_per_day, 0, 1e9));
  WINNOW_TRY(capacity.events_per_day,
             number_in(load, "events_per_day", capacity.events_per_day, 0, 1e12));
  WINNOW_TRY(capacity.prevalence, number_in(load, "prevalence", capacity.prevalence, 0, 1));

  auto& costs = evaluation.costs;
  WINNOW_TRY(only(json["costs"], "'costs'", {"missed", "false_alarm", "review"}));
  WINNOW_TRY(costs.missed, number_in(json["costs"], "missed", costs.missed, 0, 1e9));
  WINNOW_TRY(costs.false_alarm, number_in(json["costs"], "false_alarm", costs.false_alarm, 0, 1e9));
  WINNOW_TRY(costs.review, number_in(json["costs"], "review", costs.review, 0, 1e9));
  WINNOW_TRY(only(json["events"], "'events'",
                  {"from", "before", "source", "through_id", "through_label"}));
  WINNOW_TRY(request.events, filter_of(json["events"]));
  return request;
}

}  // namespace

Json TrainingRequest::json() const {
  return Json::object(
      {{"plan", plan.json()},
       {"validation",
        Json::object({{"folds", windows.folds},
                      {"first_train_share", windows.first_train_share},
                      {"embargo_days", static_cast<double>(windows.embargo.count()) / kDayMicros},
                      {"bootstrap_draws", evaluation.figures.draws},
                      {"curve_points", evaluation.figures.curve_points}})},
       {"capacity", Json::object({{"alerts_per_day", evaluation.capacity.alerts_per_day},
                                  {"events_per_day", evaluation.capacity.events_per_day},
                                  {"prevalence", evaluation.capacity.prevalence}})},
       {"costs", Json::object({{"missed", evaluation.costs.missed},
                               {"false_alarm", evaluation.costs.false_alarm},
                               {"review", evaluation.costs.review}})},
       {"events", to_json(events)}});
}

Result<TrainingRequest> TrainingRequest::from_json(const Json& json) {
  return read(json, kCurvePoints);
}

Result<TrainingRequest> TrainingRequest::from_record(const Json& json) { return read(json, 0); }

}  // namespace winnow::learn
