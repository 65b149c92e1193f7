// What features are worth over the history of a workspace, before anybody trains on them: the
// newest events, replayed through the engine that serves, each seen with what was known before it.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "features/feature_set.h"
#include "ingest/domain_mapping.h"
#include "ingest/event_log.h"
#include "intel/intel_snapshot.h"
#include "learn/data_set.h"

namespace winnow::learn {

struct PreviewRequest {
  std::optional<Timestamp> from = {}, before = {};  // of rows, event time: from <= t < before
  std::string source = {};                          // of rows; empty: any
  // The newest so many events of the domain (before `before`) are replayed; those of them that are
  // no rows are remembered by their entities all the same.
  std::size_t events = 20'000;
  // Asked before each event; true ends the replay, and what was seen by then is told.
  std::function<bool()> should_stop = [] { return false; };
};

struct PreviewRow {
  Digest event;
  Timestamp time;
  std::uint32_t source = 0;    // place in sources
  std::optional<Label> label;  // what somebody found the event to be, also later
};

// By which rows are told apart, in the order of tables and plots; the last one's nobody labelled.
inline constexpr std::array<std::string_view, 4> kRowLabels = {"malicious", "unwanted", "benign",
                                                               "none"};
std::string_view label_of(const PreviewRow& row);

struct FeaturePreview {
  std::vector<PreviewRow> rows;  // in order of time
  std::vector<float> values;     // row by row, one for each feature; NaN is missing
  std::vector<std::string> sources;
  std::uint64_t replayed = 0, unreadable = 0;
  std::optional<Timestamp> remembers_from;  // when the first replayed event happened
  bool is_whole = true;  // the replay began with the first event of the domain: nothing older is
                         // missing in what features remember
  bool stopped = false;

  std::vector<float> column(std::size_t feature, std::size_t features) const;
};

// Memory: four bytes a row and feature, and the entity states of the replayed events. Cost: of
// decisions without a model, 20 to 300 us an event. `intel` may be null. Errors: of the log.
Result<FeaturePreview> preview_features(const EventLog& events, const DomainMapping& mapping,
                                        const FeatureSet& features, const IntelSnapshot* intel,
                                        const PreviewRequest& request, Progress& progress);

// What a column holds.
struct ValueSummary {
  std::uint64_t rows = 0, present = 0;  // the others are missing
  std::uint64_t distinct = 0;
  // Of those present, in ascending order; absent where there are none.
  static constexpr std::array kQuantiles = {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0};
  std::optional<std::array<float, kQuantiles.size()>> quantiles;
};
ValueSummary summary_of(std::span<const float> column);
// Of the rows with that label, one of kRowLabels.
ValueSummary summary_of(const FeaturePreview& preview, std::span<const float> column,
                        std::string_view label);

}  // namespace winnow::learn
