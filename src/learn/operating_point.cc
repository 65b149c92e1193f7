#include "learn/operating_point.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/contract.h"
#include "learn/ranking.h"

namespace winnow::learn {
namespace {

bool in_range(double value, double least) { return std::isfinite(value) && value >= least; }

Status check(const Costs& costs, const Capacity& capacity) {
  const bool costs_hold = in_range(costs.missed, 0) && costs.missed > 0 &&
                          in_range(costs.false_alarm, 0) && in_range(costs.review, 0);
  if (!costs_hold)
    return Error(Code::InvalidArgument, "costs must be finite, not negative, and 'missed' above 0");
  const bool capacity_holds = in_range(capacity.alerts_per_day, 0) && capacity.events_per_day > 0 &&
                              std::isfinite(capacity.events_per_day) && capacity.prevalence > 0 &&
                              capacity.prevalence < 1;
  if (!capacity_holds) {
    return Error(Code::InvalidArgument,
                 "capacity needs events a day above 0 and a prevalence between 0 and 1");
  }
  return {};
}

// What happens to the share of each class above a threshold. The first stands for "nothing is
// above".
struct Cut {
  double score;
  double recall, fpr;
};

std::vector<Cut> cuts_of(const Ranking& ranking) {
  std::vector<Cut> cuts{{std::numeric_limits<double>::infinity(), 0, 0}};
  for (const auto& point : ranking.curve()) cuts.push_back({point.score, point.recall, point.fpr});
  return cuts;
}

class Choice {
 public:
  Choice(const Costs& costs, const Capacity& capacity) : costs_(costs), capacity_(capacity) {}

  // Expected load of reading everything above `cut`, events a day.
  double load(const Cut& cut) const {
    const double rate = capacity_.prevalence * cut.recall + (1 - capacity_.prevalence) * cut.fpr;
    return capacity_.events_per_day * rate;
  }
  // Cost an event of everything that the alert threshold decides: what is above it is treated as
  // malicious unread, so a false alarm is paid in full, and a review is saved.
  double alert_cost(const Cut& cut) const {
    const double pi = capacity_.prevalence;
    return (1 - pi) * cut.fpr * (costs_.false_alarm - costs_.review) -
           pi * cut.recall * costs_.review;
  }
  // Cost an event of everything that the closing threshold decides, as if all above it were read.
  double close_cost(const Cut& cut) const {
    const double pi = capacity_.prevalence;
    return pi * (1 - cut.recall) * costs_.missed +
           (pi * cut.recall + (1 - pi) * cut.fpr) * costs_.review;
  }

 private:
  Costs costs_;
  Capacity capacity_;
};

}  // namespace

Json OperatingPoint::json() const {
  // A threshold above every score is written as 2: JSON has no infinity, and no probability reaches
  // it.
  const auto finite = [](double score) { return std::min(score, 2.0); };
  return Json::object({{"alert", finite(alert)},
                       {"close", finite(close)},
                       {"cost_per_event", cost_per_event},
                       {"alerts_per_day", alerts_per_day},
                       {"recall", recall},
                       {"false_positive_rate", false_positive_rate}});
}

Result<OperatingPoint> choose_operating_point(std::span<const double> probabilities,
                                              std::span<const std::uint8_t> positive,
                                              const Costs& costs, const Capacity& capacity) {
  WINNOW_TRY(check(costs, capacity));
  const auto positives =
      std::count_if(positive.begin(), positive.end(), [](auto p) { return p != 0; });
  if (positives == 0 || static_cast<std::size_t>(positives) == positive.size()) {
    return Error(Code::InvalidArgument, "an operating point needs rows of both classes");
  }
  const auto cuts = cuts_of(Ranking(probabilities, positive));
  const Choice choice(costs, capacity);

  // The cost is a sum of a part that the alert cut decides and one that the closing cut decides,
  // and the load depends on the closing cut alone. So one walk down the scores suffices: for each
  // closing cut the best alert cut is the cheapest seen so far.
  std::size_t best_alert = 0, alert = 0, close = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < cuts.size() && choice.load(cuts[i]) <= capacity.alerts_per_day; ++i) {
    if (choice.alert_cost(cuts[i]) < choice.alert_cost(cuts[best_alert])) best_alert = i;
    const double cost = choice.close_cost(cuts[i]) + choice.alert_cost(cuts[best_alert]);
    if (cost >= least) continue;
    least = cost;
    alert = best_alert;
    close = i;
  }
  return OperatingPoint{cuts[alert].score,        cuts[close].score,  least,
                        choice.load(cuts[close]), cuts[close].recall, cuts[alert].fpr};
}

}  // namespace winnow::learn
