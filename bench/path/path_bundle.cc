#include "bench/path/path_bundle.h"

#include <algorithm>

#include <fmt/format.h>

#include "learn/forest_trainer.h"
#include "tests/support/support.h"

namespace winnow::bench {
namespace {

constexpr double kFindings = 0.01;  // of all events

Path bench_file(std::string_view name) { return testing::source_folder() / "bench/path" / name; }

struct Rows {
  std::vector<float> values;
  std::vector<std::uint8_t> positive;
  std::size_t columns = 0;
  MatrixView view() const { return {values.data(), positive.size(), columns}; }
};

Result<Rows> replay(std::span<const EveLine> lines, const Mapping& suricata,
                    const FeatureSet& features) {
  Rows rows;
  rows.columns = features.features().size();
  LogReader reader(suricata);
  MemoryEntityStates states;
  const NoIntelligence nothing_known;
  for (const auto& line : lines) {
    const auto event = reader.read(RecordForm::LogJson, line.text, sha256(line.text));
    if (!event) continue;
    WINNOW_TRY(const auto vector, features.read(*event, states, nothing_known));
    rows.values.insert(rows.values.end(), vector.values.begin(), vector.values.end());
    rows.positive.push_back(line.malicious ? 1 : 0);
    WINNOW_TRY(features.observe(*event, event->time(), states));
  }
  return rows;
}

Result<Classifier> train(const Rows& rows, const FeatureSet& features) {
  const std::vector<float> weights(rows.positive.size(), 1);
  const std::vector<std::int8_t> trends(rows.columns, 0);
  learn::ForestTraining training;
  training.trees = 200;
  training.depth = 6;
  WINNOW_TRY(
      auto forest,
      learn::train_forest(
          {.values = rows.view(), .positive = rows.positive, .weights = weights, .trends = trends},
          training, 1, 2));
  ClassifierParts parts;
  for (const auto& feature : features.features()) parts.features.push_back(feature.name);
  parts.forest = std::move(forest);
  return Classifier::create(std::move(parts));
}

Result<Policy> policy_for(const Classifier& model, const Rows& rows, Explained explained) {
  std::vector<float> margins(rows.positive.size());
  model.margins(rows.view(), margins);
  std::ranges::sort(margins, std::greater<>());
  const auto at = static_cast<std::size_t>(kFindings * static_cast<double>(margins.size()));
  const auto threshold = fmt::format("{:.9f}", model.calibrator().probability(margins[at]));
  WINNOW_TRY(auto text, read_file(bench_file("policy.yaml"), 1UL << 16));
  const auto put = [&](std::string_view name, std::string_view value) {
    text.replace(text.rfind(name), name.size(), value);
  };
  put("QUEUE", threshold);
  put("EXPLAIN", explained == Explained::All ? "0" : threshold);
  WINNOW_TRY(const auto yaml, Yaml::parse(text, "policy.yaml"));
  return Policy::compile(yaml, model.features());
}

}  // namespace

Result<PathBundle> make_path_bundle(std::span<const EveLine> lines, Explained explained) {
  const auto content = testing::source_folder() / "content/mappings/suricata.yaml";
  WINNOW_TRY(const auto yaml, Yaml::read(content.string()));
  WINNOW_TRY(auto suricata, Mapping::compile(yaml));
  WINNOW_TRY(auto features, FeatureSet::compile(bench_file("features.yaml")));
  WINNOW_TRY(const auto rows, replay(lines, suricata, features));
  WINNOW_TRY(auto classifier, train(rows, features));
  auto model = std::make_shared<const Classifier>(std::move(classifier));
  WINNOW_TRY(auto policy, policy_for(*model, rows, explained));
  WINNOW_TRY(auto mapping, DomainMapping::of_logs(Domain::Network, {suricata}));
  WINNOW_TRY(auto pipeline, Pipeline::create({sha256(model->to_bytes()), std::move(features), model,
                                              nullptr, std::move(policy)}));
  return PathBundle{suricata, model,
                    std::make_shared<const BundleRuntime>(
                        BundleRuntime{BundleId("path"), std::move(mapping), std::move(pipeline)})};
}

}  // namespace winnow::bench
