#include "features/feature_reading.h"

#include <algorithm>
#include <bitset>
#include <cmath>
#include <limits>
#include <map>

#include "features/detail/compiled.h"
#include "features/detail/folding.h"

namespace winnow {

using features::Evaluation;
using features::Telling;
using features::TextBlock;
using features::Words;

struct FeatureReading::Values {
  explicit Values(const features::Program& program) : evaluation(program), entities(program) {}
  Evaluation evaluation;
  features::NamedEntities entities;
  Timestamp time;  // of the event
};

namespace {

// The terms of one block: each bucket once, however often its grams occur, all of one weight.
void append_terms(const TextBlock& block, const Evaluation& evaluation, features::BucketMarks& seen,
                  FeatureVector& vector) {
  for (const auto source : block.sources) {
    const auto& cell = evaluation.value(source);
    if (!cell.is_missing()) features::mark_grams(block, cell.as<Words>(), seen);
  }
  auto& buckets = vector.term_buckets;
  const auto first = buckets.size();
  seen.take([&](std::uint32_t bucket) { buckets.push_back(block.begin + bucket); });
  const auto count = buckets.size() - first;
  const float value = count == 0 ? 0 : block.weight / std::sqrt(static_cast<float>(count));
  vector.term_values.resize(buckets.size(), value);
}

// Positions of the `max` strongest, strongest first; equal ones in order, zeros left out.
std::vector<std::size_t> strongest(std::span<const float> contributions, std::size_t max) {
  struct Strength {
    float size;
    std::size_t at;
    bool operator<(const Strength& other) const {  // the stronger comes first
      return size != other.size ? size > other.size : at < other.at;
    }
  };
  std::vector<Strength> all;
  all.reserve(contributions.size());
  for (std::size_t i = 0; i < contributions.size(); ++i) {
    if (contributions[i] != 0 && !std::isnan(contributions[i]))
      all.push_back({std::fabs(contributions[i]), i});
  }
  // Few of many: parted from the others first, for a sort of so many takes longer.
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), max));
  std::nth_element(all.begin(), end, all.end());
  std::sort(all.begin(), end);
  std::vector<std::size_t> order;
  std::transform(all.begin(), end, std::back_inserter(order),
                 [](const Strength& strength) { return strength.at; });
  return order;
}

// A few of many buckets, each at its place in `order`.
class BucketSet {
 public:
  BucketSet(std::span<const std::uint32_t> buckets, std::span<const std::size_t> order) {
    for (std::size_t place = 0; place < order.size(); ++place) {
      places_.emplace_back(buckets[order[place]], place);
      maybe_.set(buckets[order[place]] % maybe_.size());
    }
    std::sort(places_.begin(), places_.end());
  }
  std::optional<std::size_t> find(std::uint32_t bucket) const {
    if (!maybe_.test(bucket % maybe_.size())) return {};
    const auto at = std::lower_bound(places_.begin(), places_.end(), std::pair(bucket, 0UL));
    if (at == places_.end() || at->first != bucket) return {};
    return at->second;
  }

 private:
  std::vector<std::pair<std::uint32_t, std::size_t>> places_;
  std::bitset<4096> maybe_;  // tells most buckets that they are none of these
};

}  // namespace

FeatureReading::FeatureReading(const FeatureSet& set)
    : set_(set), values_(std::make_unique<Values>(set.compiled_->program)) {}

FeatureReading::FeatureReading(const FeatureSet& set, const ocsf::Event& event,
                               const StateSlice& before, const Intelligence& intelligence)
    : FeatureReading(set) {
  turn_to(event, intelligence);
  look_up(before);
  read();
}

void FeatureReading::turn_to(const ocsf::Event& event, const Intelligence& intelligence) {
  auto& [evaluation, entities, time] = *values_;
  time = event.time();
  evaluation.begin(event, intelligence, &entities);
  evaluation.run(set_.compiled_->key_plan);
  entities.name(evaluation);
}

Status FeatureReading::look_up(const EntityStates& states) {
  return values_->entities.look_up(states);
}
void FeatureReading::look_up(const StateSlice& before) { values_->entities.look_up(before); }
StateSlice FeatureReading::slice() const { return values_->entities.slice(); }
std::string FeatureReading::slice_bytes() const { return values_->entities.slice_bytes(); }

const FeatureVector& FeatureReading::read() {
  constexpr std::size_t kUsualTerms = 2048;
  const auto& compiled = *set_.compiled_;
  auto& evaluation = values_->evaluation;
  evaluation.run(compiled.read_plan);
  vector_.values.clear();
  vector_.values.reserve(compiled.values.size());
  for (const auto node : compiled.values) {
    const auto value = static_cast<float>(evaluation.value(node).number);
    // Only finite numbers reach a model; and one NaN, whatever made it.
    vector_.values.push_back(std::isfinite(value) ? value
                                                  : std::numeric_limits<float>::quiet_NaN());
  }
  if (compiled.blocks.empty()) return vector_;
  std::uint32_t most_buckets = 0;
  for (const auto& block : compiled.blocks) most_buckets = std::max(most_buckets, block.buckets());
  features::BucketMarks seen(most_buckets);
  vector_.term_buckets.clear();
  vector_.term_values.clear();
  vector_.term_buckets.reserve(kUsualTerms);
  vector_.term_values.reserve(kUsualTerms);
  for (const auto& block : compiled.blocks) append_terms(block, evaluation, seen, vector_);
  return vector_;
}

void FeatureReading::settle() { values_->evaluation.run(set_.compiled_->settle_plan); }

Result<Observed> FeatureReading::observe(Timestamp known_at, EntityStates& states) {
  auto& [evaluation, entities, time] = *values_;
  evaluation.run(set_.compiled_->observe_plan);
  return features::fold(set_.compiled_->program, evaluation, time, known_at, entities, states);
}

Status FeatureReading::observe_verdict(std::string_view verdict, Timestamp known_at,
                                       EntityStates& states) {
  if (verdict.empty()) return {};
  return features::fold_verdict(set_.compiled_->program, verdict, known_at, values_->entities,
                                states);
}

FeatureReading::FeatureReading(FeatureReading&&) noexcept = default;
FeatureReading& FeatureReading::operator=(FeatureReading&&) noexcept = default;
FeatureReading::~FeatureReading() = default;

std::vector<FeatureReason> FeatureReading::reasons(std::span<const float> contributions,
                                                   std::size_t max) {
  const auto& compiled = *set_.compiled_;
  ensure(contributions.size() == compiled.features.size(), "there is one number for each feature");
  std::vector<FeatureReason> reasons;
  std::map<std::string_view, Telling::Side> worded;  // of what stronger reasons tell, and how
  for (const auto i : strongest(contributions, max)) {
    const auto& feature = compiled.features[i];
    const auto& telling = compiled.tellings[i];
    const auto value = vector_.values[i];
    reasons.push_back({i, value, contributions[i], {}});
    auto& text = reasons.back().text;
    if (std::isnan(value)) {
      text = telling.missing(values_->evaluation, feature.unit);
      continue;
    }
    const auto side = value > feature.pivot ? Telling::Side::High : Telling::Side::Low;
    const auto said = worded.find(telling.about());
    const bool agrees = said == worded.end() || said->second == side;
    if (agrees && telling.suits(side, contributions[i])) {
      text = telling.judged(side, values_->evaluation, value, feature.unit);
      if (!telling.about().empty()) worded.emplace(telling.about(), side);
    } else {
      text = telling.plain(side, values_->evaluation, value, feature.unit);
    }
  }
  return reasons;
}

std::vector<TermReason> FeatureReading::strongest_terms(std::span<const float> weights,
                                                        std::size_t max) const {
  const auto& compiled = *set_.compiled_;
  ensure(weights.size() == compiled.term_buckets,
         "there is one weight for each bucket of this feature set");
  // First which buckets, then the texts of these only.
  const auto& buckets = vector_.term_buckets;
  std::vector<float> contributions(buckets.size(), 0);
  const auto place_of = [&](std::uint32_t bucket) {
    const auto at = std::lower_bound(buckets.begin(), buckets.end(), bucket);
    return static_cast<std::size_t>(at - buckets.begin());
  };
  for (const auto& block : compiled.blocks) {
    if (block.grams == TextBlock::Grams::Letters) continue;
    const auto end = place_of(block.begin + block.buckets());
    for (auto i = place_of(block.begin); i < end; ++i)
      contributions[i] = vector_.term_values[i] * weights[buckets[i]];
  }
  const auto order = strongest(contributions, max);
  std::vector<TermReason> terms;
  BucketSet wanted(buckets, order);
  for (const auto i : order) terms.push_back({{}, contributions[i]});
  for (const auto& block : compiled.blocks) {
    for (const auto source : block.sources) {
      const auto& cell = values_->evaluation.value(source);
      if (cell.is_missing()) continue;
      for (const auto& gram : features::word_grams(block, cell.as<Words>())) {
        const auto place = wanted.find(block.begin + gram.bucket);
        if (place && terms[*place].text.empty()) terms[*place].text = gram.text;
      }
    }
  }
  return terms;
}

}  // namespace winnow
