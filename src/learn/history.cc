#include "learn/history.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "pipeline/known_intelligence.h"

namespace winnow::learn {
namespace {

DataShape shape_of(const FeatureSet& features) {
  DataShape shape;
  shape.feature_set = features.digest();
  shape.term_space = features.term_buckets();
  std::map<std::string, std::string> view_of;
  for (const auto& group : features.groups()) view_of[group.name] = group.view;
  for (const auto& feature : features.features()) {
    shape.columns.push_back(
        {feature.name, view_of[feature.group], static_cast<std::int8_t>(feature.monotone)});
  }
  return shape;
}

Label row_label(winnow::Label label) {
  switch (label) {
    case winnow::Label::Phish:
      return Label::Malicious;
    case winnow::Label::Spam:
      return Label::Unwanted;
    default:
      return Label::Benign;
  }
}

// Rows of one moment wait for each other: the log orders them by arrival, a data set by digest, so
// that the same mails give the same bytes however they came in.
class MomentRows {
 public:
  explicit MomentRows(DataSetBuilder& builder) : builder_(&builder) {}

  Status add(const StoredEvent& event, FeatureVector vector) {
    if (!rows_.empty() && rows_.front().event.event_time != event.event_time) {
      WINNOW_TRY(flush());
    }
    rows_.push_back({event, std::move(vector)});
    return {};
  }

  Status flush() {
    std::sort(rows_.begin(), rows_.end(),
              [](const Row& a, const Row& b) { return a.event.digest < b.event.digest; });
    for (const auto& [event, vector] : rows_) {
      WINNOW_TRY(builder_->add({.raw = event.digest,
                                .time = event.event_time,
                                .source = event.source,
                                .label = row_label(event.label),
                                .weight = 1,
                                .values = vector.values,
                                .terms = vector.terms()}));
    }
    rows_.clear();
    return {};
  }

 private:
  struct Row {
    StoredEvent event;
    FeatureVector vector;
  };
  DataSetBuilder* builder_;
  std::vector<Row> rows_;
};

}  // namespace

Result<History> replay_history(const EventLog& events, const EventFilter& filter,
                               const RecordMapping& mapping, const FeatureSet& features,
                               const IntelSnapshot* intel, Progress& progress) {
  WINNOW_TRY(auto builder, DataSetBuilder::start(shape_of(features)));
  WINNOW_TRY(const auto total, events.count(filter));
  progress.stage("replaying history", total);
  const auto ranked = KnownIntelligence::count_ranked(intel);
  MemoryEntityStates states;
  MomentRows rows(builder);
  std::uint64_t replayed = 0, unreadable = 0;
  for (auto scan = events.scan(filter);; ++replayed) {
    WINNOW_TRY(const bool more, scan.next());
    if (!more) break;
    const auto& stored = scan.event();
    WINNOW_TRY(const auto raw, scan.read_raw());
    progress.advance(1);
    const auto event = mapping.apply(stored.form, raw);
    if (!event) {
      ++unreadable;
      continue;
    }
    const KnownIntelligence intelligence(intel, ranked, event->time());
    WINNOW_TRY(auto vector, features.read(*event, states, intelligence));
    if (stored.label != winnow::Label::None) {
      WINNOW_TRY(rows.add(stored, std::move(vector)));
    }
    WINNOW_TRY(features.observe(*event, states));
  }
  WINNOW_TRY(rows.flush());
  if (builder.size() == 0) {
    return Error(Code::InvalidArgument, fmt::format("none of {} events has a label", replayed))
        .with_hint("winnow ingest mail FILE --label phish (or benign, spam)");
  }
  WINNOW_TRY(auto data, std::move(builder).finish());
  return History{std::move(data), replayed, unreadable};
}

}  // namespace winnow::learn
