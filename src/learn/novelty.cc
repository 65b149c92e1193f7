#include "learn/detail/novelty.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <fmt/format.h>

#include "base/rng.h"
#include "learn/history.h"

namespace winnow::learn {
namespace {

// Rows drawn at random from a stream of unknown length, each with the same chance (Vitter's
// algorithm R), which remember their order.
class DrawnRows {
 public:
  DrawnRows(std::size_t most, std::size_t columns, Rng rng)
      : most_(most), columns_(columns), rng_(rng) {}

  template <typename Read>
  Status offer(const Read& read) {
    const auto number = offered_++;
    const auto place = number < most_ ? number : rng_.below(number + 1);
    if (place >= most_) return {};
    WINNOW_TRY(const auto vector, read());
    if (place == numbers_.size()) {
      numbers_.push_back(number);
      values_.insert(values_.end(), vector.values.begin(), vector.values.end());
      return {};
    }
    numbers_[place] = number;
    std::ranges::copy(vector.values,
                      values_.begin() + static_cast<std::ptrdiff_t>(place * columns_));
    return {};
  }

  std::size_t size() const { return numbers_.size(); }

  // The values of all rows, in the order in which they were offered.
  std::vector<float> in_order() const {
    std::vector<std::size_t> order(numbers_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t place) { return numbers_[place]; });
    std::vector<float> values;
    values.reserve(values_.size());
    for (const auto place : order) {
      const auto row = values_.begin() + static_cast<std::ptrdiff_t>(place * columns_);
      values.insert(values.end(), row, row + static_cast<std::ptrdiff_t>(columns_));
    }
    return values;
  }

 private:
  std::size_t most_, columns_;
  Rng rng_;
  std::uint64_t offered_ = 0;
  std::vector<std::uint64_t> numbers_;  // when each row was offered
  std::vector<float> values_;
};

// At most as many as a novelty model keeps, evenly spaced among all.
std::vector<float> thinned(std::vector<float> scores) {
  std::ranges::sort(scores);
  const auto most = NoveltyModel::kMaxOrdinary;
  if (scores.size() <= most) return scores;
  std::vector<float> kept;
  for (std::size_t i = 0; i < most; ++i) kept.push_back(scores[i * scores.size() / most]);
  return kept;
}

}  // namespace

Result<MadeNovelty> make_novelty(const EventLog& events, const Material& material,
                                 const NoveltyTraining& training, unsigned threads,
                                 Progress& progress) {
  std::vector<std::string> names;
  for (const auto& feature : material.features.features()) names.push_back(feature.name);
  const auto columns = names.size();
  const Rng rng(training.seed);
  DrawnRows drawn(training.rows, columns, rng.fork("rows"));
  const auto draw = [&](const HistoricEvent& event, const ReadValues& read) -> Status {
    return event.label == Label::Malicious ? Status() : drawn.offer(read);
  };
  WINNOW_TRY(const auto history,
             walk_history(events, training.events, material.mapping, material.features,
                          material.intel_or_null(), draw, progress));
  if (drawn.size() < NoveltyTraining::kLeastRows) {
    return Error(Code::InvalidArgument,
                 fmt::format("{} events say too little of what is ordinary, wanted are {}",
                             drawn.size(), NoveltyTraining::kLeastRows))
        .with_hint("winnow ingest auto FILE; no labels are needed");
  }
  const auto values = drawn.in_order();
  const auto held_out =
      static_cast<std::size_t>(static_cast<double>(drawn.size()) * training.held_out_share);
  const auto train_rows = drawn.size() - held_out;
  progress.stage("training an isolation forest", 1);
  WINNOW_TRY(auto trees, train_isolation({values.data(), train_rows, columns}, std::move(names),
                                         training.forest, rng.fork("forest").next(), threads));
  WINNOW_TRY(auto forest, IsolationForest::create(std::move(trees)));
  std::vector<float> ordinary(held_out);
  forest.score({values.data() + train_rows * columns, held_out, columns}, ordinary);
  progress.advance(1);
  WINNOW_TRY(auto model, NoveltyModel::create(std::move(forest), thinned(std::move(ordinary))));
  return MadeNovelty{std::move(model), history.events, train_rows, held_out};
}

}  // namespace winnow::learn
