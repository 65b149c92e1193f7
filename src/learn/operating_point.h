// From probabilities to actions: which score is an alert, which is closed unread, and which is too
// close to call, so that errors and reading cost least within what people can read in a day.
#pragma once

#include <cstdint>
#include <span>

#include "base/json.h"
#include "base/result.h"

namespace winnow::learn {

// In any one unit, such as minutes of an analyst. All finite, not negative; missed above 0.
struct Costs {
  double missed = 500;     // a malicious event closed unread
  double false_alarm = 5;  // a benign event treated as malicious
  double review = 2;       // a person reads an event that the model does not decide (abstains)
};

struct Capacity {
  double alerts_per_day = 50;  // alerts and reviews together
  double events_per_day = 1000;
  double prevalence =
      0.01;  // share of malicious events expected in production, which no corpus tells
};

// Scores at least `alert` are alerts, scores below `close` are closed, between them the model
// abstains and the event is read. close <= alert.
struct OperatingPoint {
  double alert = 0.5;
  double close = 0.5;
  // Expected in production at the capacity's prevalence:
  double cost_per_event = 0;
  double alerts_per_day = 0;       // alerts and reviews
  double recall = 0;               // malicious events that are an alert or are read
  double false_positive_rate = 0;  // benign events that are alerts
  Json json() const;
};

// The cheapest pair of thresholds among the observed scores whose expected load fits the capacity;
// of equally cheap ones that with the fewest alerts. Rows are reweighted to the prevalence.
// Errors: InvalidArgument (costs or capacity out of range, only one class).
Result<OperatingPoint> choose_operating_point(std::span<const double> probabilities,
                                              std::span<const std::uint8_t> positive,
                                              const Costs& costs, const Capacity& capacity);

}  // namespace winnow::learn
