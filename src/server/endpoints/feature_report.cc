#include "server/endpoints/feature_report.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "base/json_text.h"

namespace winnow::server {
namespace {

using learn::FeaturePreview;
using learn::ValueSummary;

constexpr std::size_t kBins = 24;

// For people and plots: five digits.
Json number(double value) {
  if (!std::isfinite(value)) return {};
  return std::strtod(fmt::format("{:.5g}", value).c_str(), nullptr);
}

Json quantiles_json(const ValueSummary& summary) {
  if (!summary.quantiles) return {};
  Json all = Json::array();
  for (const auto value : *summary.quantiles) all.push(number(value));
  return all;
}

// Every so many-th, so that at most `most` are left.
std::vector<std::size_t> spread(const std::vector<std::size_t>& places, std::size_t most) {
  if (places.size() <= most) return places;
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(places[i * places.size() / most]);
  return chosen;
}

// Up to half of them malicious, and the others; in order of time.
std::vector<std::size_t> sample_of(const FeaturePreview& preview) {
  std::vector<std::size_t> malicious, others;
  for (std::size_t row = 0; row < preview.rows.size(); ++row)
    (preview.rows[row].label == learn::Label::Malicious ? malicious : others).push_back(row);
  auto chosen =
      spread(malicious, std::max(kSampled / 2, kSampled - std::min(kSampled, others.size())));
  const auto rest = spread(others, kSampled - chosen.size());
  chosen.insert(chosen.end(), rest.begin(), rest.end());
  std::ranges::sort(chosen);
  return chosen;
}

// How many values of each label lie in each of kBins equal steps from `low` to `high`; what is
// beyond counts at the edge.
Json histogram_of(const FeaturePreview& preview, std::span<const float> column, double low,
                  double high) {
  std::map<std::string_view, std::array<std::uint64_t, kBins>> counted;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!std::isfinite(column[row])) continue;
    const double share = high > low ? (column[row] - low) / (high - low) : 0;
    const auto bin = std::clamp(static_cast<int>(share * kBins), 0, static_cast<int>(kBins) - 1);
    ++counted[label_of(preview.rows[row])][static_cast<std::size_t>(bin)];
  }
  Json by_label = Json::object();
  for (const auto label : learn::kRowLabels) {
    const auto found = counted.find(label);
    if (found == counted.end()) continue;
    Json counts = Json::array();
    for (const auto count : found->second) counts.push(count);
    by_label.set(std::string(label), std::move(counts));
  }
  return Json::object(
      {{"low", number(low)}, {"high", number(high)}, {"counts", std::move(by_label)}});
}

Json by_label_json(const FeaturePreview& preview, std::span<const float> column) {
  Json all = Json::object();
  for (const auto label : learn::kRowLabels) {
    const auto summary = learn::summary_of(preview, column, label);
    if (summary.rows == 0) continue;
    all.set(std::string(label), Json::object({{"rows", summary.rows},
                                              {"present", summary.present},
                                              {"quantiles", quantiles_json(summary)}}));
  }
  return all;
}

std::vector<double> importance_of(const FeaturePreview& preview, const Pipeline& pipeline,
                                  std::span<const std::size_t> sample) {
  const auto width = pipeline.features().features().size();
  std::vector<double> moved(width, 0);
  for (const auto row : sample) {
    const auto of_row =
        pipeline.contributions(std::span(preview.values).subspan(row * width, width));
    for (std::size_t i = 0; i < width; ++i)
      moved[i] += std::fabs(of_row[i]) / static_cast<double>(sample.size());
  }
  return moved;
}

}  // namespace

Json features_json(Domain domain, const Champion* champion) {
  Json groups = Json::array(), all = Json::array();
  if (champion != nullptr) {
    const auto& pipeline = champion->bundle->pipeline;
    const auto& features = pipeline.features();
    for (const auto& group : features.groups())
      groups.push(Json::object({{"name", group.name}, {"title", group.title}}));
    for (std::size_t i = 0; i < features.features().size(); ++i) {
      const auto& feature = features.features()[i];
      all.push(Json::object({{"name", feature.name},
                             {"group", feature.group},
                             {"unit", feature.unit},
                             {"meaning", feature.meaning},
                             {"value", feature.value},
                             {"when", feature.when},
                             {"monotone", static_cast<std::int64_t>(feature.monotone)},
                             {"pivot", feature.pivot},
                             {"high", feature.high},
                             {"low", feature.low},
                             {"missing", feature.missing},
                             {"in_model", pipeline.model_takes(i)}}));
    }
  }
  return Json::object(
      {{"domain", name_of(domain)},
       {"bundle", champion == nullptr ? Json() : Json(champion->bundle->id.text())},
       {"run", champion == nullptr ? Json() : json_text(champion->run)},
       {"feature_set",
        champion == nullptr ? Json() : Json(champion->bundle->pipeline.features().digest().hex())},
       {"has_model", champion != nullptr && champion->bundle->pipeline.has_model()},
       {"groups", std::move(groups)},
       {"features", std::move(all)}});
}

Json preview_json(const FeaturePreview& preview, const Pipeline& pipeline) {
  const auto sample = sample_of(preview);
  Json times = Json::array(), labels = Json::array(), events = Json::array();
  for (const auto row : sample) {
    times.push(preview.rows[row].time.text());
    labels.push(label_of(preview.rows[row]));
    events.push(preview.rows[row].event.hex());
  }
  const auto importance = importance_of(preview, pipeline, sample);
  const auto features = pipeline.features().features();
  Json all = Json::array();
  for (std::size_t i = 0; i < features.size(); ++i) {
    const auto column = preview.column(i, features.size());
    const auto summary = learn::summary_of(column);
    Json sampled = Json::array();
    for (const auto row : sample) sampled.push(number(column[row]));
    const double low = summary.quantiles ? summary.quantiles->front() : 0;
    const double high = summary.quantiles ? summary.quantiles->back() : 0;
    all.push(Json::object({{"name", features[i].name},
                           {"present", summary.present},
                           {"distinct", summary.distinct},
                           {"quantiles", quantiles_json(summary)},
                           {"by_label", by_label_json(preview, column)},
                           {"histogram", histogram_of(preview, column, low, high)},
                           {"importance", pipeline.has_model() ? number(importance[i]) : Json()},
                           {"sample", std::move(sampled)}}));
  }
  return Json::object({{"replayed", preview.replayed},
                       {"unreadable", preview.unreadable},
                       {"rows", preview.rows.size()},
                       {"whole", preview.is_whole},
                       {"stopped", preview.stopped},
                       {"remembers_from", json_text(preview.remembers_from)},
                       {"sample", Json::object({{"time", std::move(times)},
                                                {"label", std::move(labels)},
                                                {"event", std::move(events)}})},
                       {"features", std::move(all)}});
}

}  // namespace winnow::server
