// Scores each row of a workspace's newest data set by models that never saw its source.
//
//   alerts_hold_out WORKSPACE DOMAIN
//
// Prints CSV: the row's digest, source and features, then `held_out`, its probability by a model of
// all other sources, and for each source `without_SOURCE`, by a model that saw neither that source
// nor the row's own: what a threshold for SOURCE may be chosen on. content/training/DOMAIN.yaml
// shapes the models.
#include <cmath>
#include <cstdio>
#include <limits>
#include <thread>

#include <fmt/format.h>

#include "base/yaml.h"
#include "learn/splits.h"
#include "learn/trainer.h"
#include "learn/training_request.h"
#include "registry/workspace.h"

namespace winnow::bench {
namespace {

// Scores by row and column: of source `column` left out as well, or (the last one) of none other.
class HeldOutScores {
 public:
  HeldOutScores(const learn::DataSet& data, const learn::TrainingPlan& plan)
      : data_(data),
        plan_(plan),
        columns_(data.sources().size() + 1),
        scores_(data.size() * columns_, std::numeric_limits<double>::quiet_NaN()) {}

  Status train_all() {
    const auto& sources = data_.sources();
    for (std::size_t a = 0; a < sources.size(); ++a) {
      WINNOW_TRY(train({sources[a]}, sources.size(), sources.size()));
      for (std::size_t b = a + 1; b < sources.size(); ++b) {
        WINNOW_TRY(train({sources[a], sources[b]}, a, b));
      }
    }
    return {};
  }

  double of(std::size_t row, std::size_t column) const { return scores_[row * columns_ + column]; }

 private:
  // Rows of source `a` get their score in column `b`, and the reverse.
  Status train(const std::vector<std::string>& out, std::size_t a, std::size_t b) {
    WINNOW_TRY(const auto split, learn::leave_sources_out(data_, out));
    NoProgress quiet;
    WINNOW_TRY(const auto trained,
               learn::train_classifier(data_, split.train, plan_,
                                       std::thread::hardware_concurrency(), quiet));
    WINNOW_TRY(const auto scores, learn::probabilities_of(trained.classifier, data_, split.test));
    for (std::size_t i = 0; i < scores.size(); ++i) {
      const auto row = split.test[i];
      scores_[row * columns_ + (data_.source(row) == a ? b : a)] = scores[i];
    }
    fmt::print(stderr, "without {}: {} rows train\n", fmt::join(out, " and "), split.train.size());
    return {};
  }

  const learn::DataSet& data_;
  const learn::TrainingPlan& plan_;
  std::size_t columns_;
  std::vector<double> scores_;
};

std::string text_of(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

void print(const learn::DataSet& data, const HeldOutScores& scores) {
  std::string line = "digest,source";
  for (const auto& column : data.shape().columns) line += "," + column.name;
  for (const auto& source : data.sources()) line += ",without_" + source;
  std::puts((line + ",held_out").c_str());
  for (std::uint32_t row = 0; row < data.size(); ++row) {
    line = data.raw(row).hex() + "," + data.sources()[data.source(row)];
    for (const float value : data.values(row)) line += "," + text_of(value);
    for (std::size_t i = 0; i <= data.sources().size(); ++i)
      line += "," + text_of(scores.of(row, i));
    std::puts(line.c_str());
  }
}

Status run(const Path& folder, const std::string& domain) {
  const SystemClock clock;
  const auto workspace = Workspace::open(folder, Access::ReadOnly, clock);
  if (!workspace) return workspace.error();
  auto& registry = (*workspace)->registry();
  WINNOW_TRY(const auto newest, registry.artifact(ArtifactKind::DataSet, domain));
  WINNOW_TRY(const auto bytes, registry.read(newest.digest));
  WINNOW_TRY(const auto data, learn::DataSet::read(bytes));
  const auto file = (*workspace)->content() / "training" / (domain + ".yaml");
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  WINNOW_TRY(const auto request, learn::TrainingRequest::from_json(yaml.json()));
  HeldOutScores scores(data, request.plan);
  WINNOW_TRY(scores.train_all());
  print(data, scores);
  return {};
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** words) {
  if (count != 3) {
    fmt::print(stderr, "usage: alerts_hold_out WORKSPACE DOMAIN\n");
    return 2;
  }
  const auto done = winnow::bench::run(words[1], words[2]);
  if (!done) fmt::print(stderr, "{}\n", done.error().text());
  return done ? 0 : 1;
}
