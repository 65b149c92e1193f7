#include "learn/replay.h"

#include <deque>
#include <map>
#include <string_view>

namespace winnow::learn {
namespace {

std::string_view verdict_of(Label label) {
  switch (label) {
    case Label::Benign:
      return "benign";
    case Label::Malicious:
      return "phishing";
    case Label::Unwanted:
      return "spam";
  }
  return "benign";
}

// Labels on their way into the history of their entities. Events come in order of time and the
// delay is the same for all, so labels become known in the order they came.
class PendingVerdicts {
 public:
  PendingVerdicts(const FeatureSet& features, EntityStates& states, std::optional<Duration> delay)
      : features_(features), states_(states), delay_(delay) {}

  void add(HistoricEvent judged) {
    if (delay_) pending_.push_back(std::move(judged));
  }
  Status make_known(Timestamp now) {
    for (; !pending_.empty() && pending_.front().time + *delay_ <= now; pending_.pop_front()) {
      const auto& judged = pending_.front();
      const auto known_at = judged.time + *delay_;
      WINNOW_TRY(
          features_.observe_verdict(judged.event, verdict_of(*judged.label), known_at, states_));
    }
    return {};
  }

 private:
  const FeatureSet& features_;
  EntityStates& states_;
  std::optional<Duration> delay_;
  std::deque<HistoricEvent> pending_;
};

}  // namespace

DataShape shape_of(const FeatureSet& features) {
  std::map<std::string_view, std::string_view> view_of;
  for (const auto& group : features.groups()) view_of.emplace(group.name, group.view);
  DataShape shape{features.digest(), {}, features.term_buckets()};
  for (const auto& feature : features.features()) {
    shape.columns.push_back({feature.name, std::string(view_of[feature.group]),
                             static_cast<std::int8_t>(feature.monotone)});
  }
  return shape;
}

Result<DataSet> replay(const EventStream& events, const FeatureSet& features,
                       const Intelligence& intelligence, EntityStates& states,
                       const ReplayOptions& options, Progress& progress) {
  WINNOW_TRY(auto builder, DataSetBuilder::start(shape_of(features)));
  PendingVerdicts verdicts(features, states, options.verdict_delay);
  progress.stage("replaying events", 0);
  for (;;) {
    WINNOW_TRY(auto next, events());
    if (!next) break;
    WINNOW_TRY(verdicts.make_known(next->time));
    if (next->label) {
      WINNOW_TRY(const auto vector, features.read(next->event, states, intelligence));
      WINNOW_TRY(builder.add({next->event.raw_digest(), next->time, next->source, *next->label,
                              next->weight, vector.values, vector.terms()}));
    }
    WINNOW_TRY(features.observe(next->event, states));
    if (next->label) verdicts.add(*std::move(next));
    progress.advance(1);
  }
  return std::move(builder).finish();
}

}  // namespace winnow::learn
