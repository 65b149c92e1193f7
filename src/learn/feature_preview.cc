#include "learn/feature_preview.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "features/entity_states.h"
#include "learn/stored_history.h"

namespace winnow::learn {
namespace {

constexpr std::size_t kStretch = 4096;            // of the log's index, read together
constexpr std::uint64_t kMostPlaces = 1'000'000;  // of the index, looked at for the beginning

// Where the newest `most` events of the domain begin; nothing: with the domain's first.
Result<std::optional<Timestamp>> begin_of_newest(const EventLog& events,
                                                 const DomainMapping& mapping,
                                                 const PreviewRequest& request) {
  std::optional<EventPlace> behind;
  std::size_t found = 0;
  for (std::uint64_t looked = 0; looked < kMostPlaces && !request.should_stop();
       looked += kStretch) {
    WINNOW_TRY(const auto stretch, events.backwards({}, request.before, behind, kStretch));
    for (const auto& stored : stretch) {
      if (stored.removed || !mapping.reads(stored)) continue;
      if (found == request.events) return std::optional(behind->event_time);
      behind = EventPlace{stored.event_time, stored.id};
      ++found;
    }
    if (stretch.size() < kStretch) return std::optional<Timestamp>();
    behind = EventPlace{stretch.back().event_time, stretch.back().id};
  }
  return behind ? std::optional(behind->event_time) : std::nullopt;
}

class Preview {
 public:
  Preview(const FeatureSet& features, const PreviewRequest& request)
      : features_(&features), request_(&request) {}

  Status take(const HistoricEvent& next, const Intelligence& intelligence) {
    if (!told_.remembers_from) told_.remembers_from = next.event.time();
    if (!is_row(next)) return {};
    WINNOW_TRY(const auto vector, features_->read(next.event, states, intelligence));
    const auto source = sources_.emplace(next.source, sources_.size()).first->second;
    told_.rows.push_back({next.event.raw_digest(), next.event.time(),
                          static_cast<std::uint32_t>(source), next.label});
    told_.values.insert(told_.values.end(), vector.values.begin(), vector.values.end());
    return {};
  }

  FeaturePreview told(const StoredHistory& history, bool is_whole, bool stopped) && {
    told_.sources.resize(sources_.size());
    for (const auto& [name, place] : sources_) told_.sources[place] = name;
    told_.replayed = history.events();
    told_.unreadable = history.unreadable();
    told_.is_whole = is_whole;
    told_.stopped = stopped;
    return std::move(told_);
  }

  MemoryEntityStates states;

 private:
  bool is_row(const HistoricEvent& next) const {
    return (!request_->from || next.event.time() >= *request_->from) &&
           (request_->source.empty() || next.source == request_->source);
  }
  const FeatureSet* features_;
  const PreviewRequest* request_;
  std::map<std::string, std::size_t> sources_;
  FeaturePreview told_;
};

}  // namespace

std::vector<float> FeaturePreview::column(std::size_t feature, std::size_t features) const {
  std::vector<float> found;
  found.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row)
    found.push_back(values[row * features + feature]);
  return found;
}

Result<FeaturePreview> preview_features(const EventLog& events, const DomainMapping& mapping,
                                        const FeatureSet& features, const IntelSnapshot* intel,
                                        const PreviewRequest& request, Progress& progress) {
  WINNOW_TRY(const auto begin, begin_of_newest(events, mapping, request));
  KnownIntelligence intelligence(intel, KnownIntelligence::count_ranked(intel), Timestamp());
  // Events of one moment are not torn apart, so there may be more than were asked for: a log whose
  // records all have one date must not be replayed whole for it.
  const auto most = 2 * request.events;
  StoredHistory history(events, {.from = begin, .before = request.before}, mapping, intelligence,
                        most);
  Preview preview(features, request);
  progress.stage("replaying events", 0);
  bool stopped = false;
  for (;;) {
    stopped = request.should_stop();
    if (stopped) break;
    WINNOW_TRY(const auto next, history.next());
    if (!next) {
      stopped = history.events() == most;
      break;
    }
    for (;;) {
      WINNOW_TRY(const auto known, history.next_verdict(next->event.time()));
      if (!known) break;
      WINNOW_TRY(
          features.observe_verdict(known->event, known->verdict, known->given, preview.states));
    }
    WINNOW_TRY(preview.take(*next, intelligence));
    WINNOW_TRY(features.observe(next->event, next->known_at, preview.states));
    progress.advance(1);
  }
  return std::move(preview).told(history, !begin, stopped);
}

std::string_view label_of(const PreviewRow& row) {
  return row.label ? name_of(*row.label) : kRowLabels.back();
}

ValueSummary summary_of(std::span<const float> column) {
  ValueSummary summary;
  summary.rows = column.size();
  std::vector<float> present;
  std::ranges::copy_if(column, std::back_inserter(present),
                       [](float value) { return !std::isnan(value); });
  summary.present = present.size();
  if (present.empty()) return summary;
  std::ranges::sort(present);
  auto& quantiles = summary.quantiles.emplace();
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const auto at = ValueSummary::kQuantiles[i] * static_cast<double>(present.size() - 1);
    quantiles[i] = present[static_cast<std::size_t>(std::llround(at))];
  }
  summary.distinct =
      static_cast<std::uint64_t>(std::unique(present.begin(), present.end()) - present.begin());
  return summary;
}

ValueSummary summary_of(const FeaturePreview& preview, std::span<const float> column,
                        std::string_view label) {
  std::vector<float> chosen;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (label_of(preview.rows[row]) == label) chosen.push_back(column[row]);
  }
  return summary_of(chosen);
}

}  // namespace winnow::learn
