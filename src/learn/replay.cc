#include "learn/replay.h"

#include <map>
#include <string_view>

namespace winnow::learn {

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

Status walk(const EventStream& events, const VerdictStream& verdicts, const FeatureSet& features,
            const Intelligence& intelligence, EntityStates& states, const EventVisitor& visit,
            Progress& progress) {
  progress.stage("replaying events", 0);
  for (;;) {
    WINNOW_TRY(const auto next, events());
    if (!next) break;
    const auto time = next->event.time();
    for (;;) {
      WINNOW_TRY(const auto known, verdicts(time));
      if (!known) break;
      WINNOW_TRY(features.observe_verdict(known->event, known->verdict, known->given, states));
    }
    WINNOW_TRY(visit(*next, [&] { return features.read(next->event, states, intelligence); }));
    WINNOW_TRY(features.observe(next->event, next->known_at, states));
    progress.advance(1);
  }
  return {};
}

Result<DataSet> replay(const EventStream& events, const VerdictStream& verdicts,
                       const FeatureSet& features, const Intelligence& intelligence,
                       EntityStates& states, Progress& progress) {
  WINNOW_TRY(auto builder, DataSetBuilder::start(shape_of(features)));
  const auto add_labelled = [&](const HistoricEvent& event, const ReadValues& read) -> Status {
    if (!event.label) return {};
    WINNOW_TRY(const auto vector, read());
    return builder.add({event.event.raw_digest(), event.event.time(), event.source, *event.label,
                        event.weight, vector.values, vector.terms()});
  };
  WINNOW_TRY(walk(events, verdicts, features, intelligence, states, add_labelled, progress));
  using Copies = DataSetBuilder::Copies;
  return std::move(builder).finish(features.wording().makes_copies ? Copies::LikeTexts
                                                                   : Copies::EqualValues);
}

}  // namespace winnow::learn
