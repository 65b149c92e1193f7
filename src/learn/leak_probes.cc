#include "learn/leak_probes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "base/contract.h"
#include "learn/figures.h"
#include "learn/forest_trainer.h"
#include "learn/linear_trainer.h"
#include "learn/ranking.h"
#include "model/forest_model.h"

namespace winnow::learn {
namespace {

constexpr std::size_t kLeastSource = 40;

using Rows = std::vector<std::uint32_t>;
using Truth = std::vector<std::uint8_t>;

// What a probe may look at: makes the dense row of a data set's row.
struct Sight {
  std::size_t columns;
  std::function<void(std::uint32_t row, std::span<float> out)> read;
  bool text;
};

Sight everything(const DataSet& data) {
  return {data.shape().columns.size(),
          [&data](std::uint32_t row, std::span<float> out) {
            const auto values = data.values(row);
            std::copy(values.begin(), values.end(), out.begin());
          },
          data.shape().term_space > 0};
}

Sight missing_only(const DataSet& data) {
  return {data.shape().columns.size(),
          [&data](std::uint32_t row, std::span<float> out) {
            const auto values = data.values(row);
            std::transform(values.begin(), values.end(), out.begin(),
                           [](float value) { return std::isnan(value) ? 1.0F : 0.0F; });
          },
          false};
}

Sight identifiers_only(const DataSet& data) {
  constexpr std::size_t kDigestBytes = 8;
  return {kDigestBytes + 1,
          [&data](std::uint32_t row, std::span<float> out) {
            const auto bytes = data.raw(row).bytes();
            for (std::size_t i = 0; i < kDigestBytes; ++i) out[i] = static_cast<float>(bytes[i]);
            const auto second = ((data.time(row).seconds() % 3600) + 3600) % 3600;
            out[kDigestBytes] = static_cast<float>(second);
          },
          false};
}

class Prober {
 public:
  Prober(const DataSet& data, const ProbeOptions& options) : data_(data), options_(options) {}

  // Margins of `test` by a probe model that learned `truth` of `train`.
  Result<std::vector<double>> scores(const Sight& sight, const Rows& train, const Truth& truth,
                                     const Rows& test) const {
    ForestTraining training;
    training.trees = options_.trees;
    const auto values = matrix(sight, train);
    const std::vector<float> weights(train.size(), 1.0F);
    const std::vector<std::int8_t> trends(sight.columns, 0);
    WINNOW_TRY(auto forest,
               train_forest({{values.data(), train.size(), sight.columns}, truth, weights, trends},
                            training, options_.seed, options_.threads));
    WINNOW_TRY(const auto model, ForestModel::compile(std::move(forest)));
    const auto tested = matrix(sight, test);
    std::vector<float> margins(test.size());
    model.margins({tested.data(), test.size(), sight.columns}, margins);
    std::vector<double> sum(margins.begin(), margins.end());
    if (!sight.text) return sum;
    const std::vector<double> ones(train.size(), 1);
    WINNOW_TRY(const auto linear, train_linear(data_, train, truth, ones, {1, 0.1, 20},
                                               Rng(options_.seed).fork("text")));
    const auto text = text_margins(linear, data_, test);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += text[i];
    return sum;
  }

  Result<double> average_precision(const Sight& sight, const Rows& train, const Truth& truth,
                                   const Rows& test) const {
    WINNOW_TRY(const auto scored, scores(sight, train, truth, test));
    return Ranking(scored, truth_of(data_, test)).average_precision();
  }

  // Cross-validated by group: how well `rows` are told apart into those of `source` and the others.
  Result<double> source_auc(const Rows& rows, std::uint32_t source) const {
    WINNOW_TRY(const auto fold_of, folds_of(data_, rows, FoldBy::Group, 2, options_.seed));
    std::vector<double> scored;
    Truth truth;
    for (std::uint32_t k = 0; k < 2; ++k) {
      Rows train, test;
      for (std::size_t i = 0; i < rows.size(); ++i)
        (fold_of[i] == k ? test : train).push_back(rows[i]);
      const auto is_source = [&](std::uint32_t row) -> std::uint8_t {
        return data_.source(row) == source ? 1 : 0;
      };
      Truth train_truth;
      for (const auto row : train) train_truth.push_back(is_source(row));
      WINNOW_TRY(const auto part, scores(everything(data_), train, train_truth, test));
      scored.insert(scored.end(), part.begin(), part.end());
      for (const auto row : test) truth.push_back(is_source(row));
    }
    return Ranking(scored, truth).roc_auc();
  }

  // At most so many rows of each source, of one label; sources that are too small to tell are left
  // out.
  Rows rows_of(Label label) const {
    std::vector<Rows> by_source(data_.sources().size());
    for (std::uint32_t row = 0; row < data_.size(); ++row) {
      if (data_.label(row) == label) by_source[data_.source(row)].push_back(row);
    }
    Rows rows;
    for (auto& of_source : by_source) {
      if (of_source.size() < kLeastSource) continue;
      Rng(options_.seed).fork("sources").shuffle(std::span(of_source));
      of_source.resize(std::min<std::size_t>(of_source.size(), options_.rows_of_a_source));
      rows.insert(rows.end(), of_source.begin(), of_source.end());
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  Result<double> shuffled_labels(const Split& split) const {
    double sum = 0;
    auto truth = truth_of(data_, split.train);
    Rng rng = Rng(options_.seed).fork("labels");
    for (std::uint32_t i = 0; i < options_.shuffles; ++i) {
      rng.shuffle(std::span(truth));
      WINNOW_TRY(const auto ap,
                 average_precision(everything(data_), split.train, truth, split.test));
      sum += ap;
    }
    return options_.shuffles > 0 ? sum / options_.shuffles
                                 : std::numeric_limits<double>::quiet_NaN();
  }

  // As many groups test as before, drawn from all times.
  Result<double> shuffled_time(const Split& split) const {
    Rows all(split.train);
    all.insert(all.end(), split.test.begin(), split.test.end());
    std::sort(all.begin(), all.end());
    const auto parts =
        std::max<std::size_t>(2, std::min<std::size_t>(50, all.size() / split.test.size()));
    WINNOW_TRY(const auto fold_of, folds_of(data_, all, FoldBy::Group,
                                            static_cast<std::uint32_t>(parts), options_.seed));
    Rows train, test;
    for (std::size_t i = 0; i < all.size(); ++i) (fold_of[i] == 0 ? test : train).push_back(all[i]);
    return average_precision(everything(data_), train, truth_of(data_, train), test);
  }

 private:
  std::vector<float> matrix(const Sight& sight, const Rows& rows) const {
    std::vector<float> values(rows.size() * sight.columns);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sight.read(rows[i], std::span(values).subspan(i * sight.columns, sight.columns));
    }
    return values;
  }

  const DataSet& data_;
  const ProbeOptions& options_;
};

// Knowing nothing scores the prevalence, give or take what clusters of alike mail allow.
bool knows_something(double average_precision, double prevalence) {
  return average_precision > prevalence + 0.5 * (1 - prevalence);
}

}  // namespace

Result<LeakProbes> probe_leaks(const DataSet& data, const Split& whole,
                               const ProbeOptions& options) {
  const Split split{whole.name, without_unwanted(data, whole.train),
                    without_unwanted(data, whole.test), 0};
  const Prober prober(data, options);
  const auto truth = truth_of(data, split.train), tested = truth_of(data, split.test);
  LeakProbes probes;
  probes.prevalence =
      std::accumulate(tested.begin(), tested.end(), 0.0) / static_cast<double>(tested.size());
  WINNOW_TRY(probes.shuffled_labels, prober.shuffled_labels(split));
  WINNOW_TRY(probes.identifiers_only,
             prober.average_precision(identifiers_only(data), split.train, truth, split.test));
  WINNOW_TRY(probes.missing_only,
             prober.average_precision(missing_only(data), split.train, truth, split.test));
  WINNOW_TRY(probes.shuffled_time, prober.shuffled_time(split));
  WINNOW_TRY(probes.sources, probe_sources(data, options));
  return probes;
}

Result<std::vector<LeakProbes::SourceProbe>> probe_sources(const DataSet& data,
                                                           const ProbeOptions& options) {
  const Prober prober(data, options);
  std::vector<LeakProbes::SourceProbe> probes;
  for (const auto label : {Label::Malicious, Label::Benign}) {
    const auto rows = prober.rows_of(label);
    std::vector<std::uint32_t> sources;
    for (const auto row : rows) sources.push_back(data.source(row));
    std::sort(sources.begin(), sources.end());
    sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
    if (sources.size() < 2) continue;
    for (const auto source : sources) {
      WINNOW_TRY(const auto auc, prober.source_auc(rows, source));
      probes.push_back({label, data.sources()[source], auc});
    }
  }
  return probes;
}

std::vector<std::string> LeakProbes::warnings() const {
  std::vector<std::string> out;
  const auto warn = [&](double ap, std::string_view what) {
    if (!knows_something(ap, prevalence)) return;
    out.push_back(fmt::format("{} reach an average precision of {:.3f} at a prevalence of {:.3f}",
                              what, ap, prevalence));
  };
  warn(shuffled_labels, "labels dealt out at random");
  warn(identifiers_only, "identifiers alone");
  warn(missing_only, "missing values alone");
  const auto told =
      std::count_if(sources.begin(), sources.end(), [](const auto& s) { return s.auc > 0.95; });
  if (told > 0) {
    out.push_back(fmt::format(
        "{} of {} sources are told from others of their class at an AUC above 0.95: trust "
        "splits that hold sources out",
        told, sources.size()));
  }
  return out;
}

Json LeakProbes::json() const {
  Json list = Json::array();
  for (const auto& s : sources) {
    list.push(Json::object(
        {{"label", name_of(s.label)}, {"source", s.source}, {"auc", number_or_null(s.auc)}}));
  }
  return Json::object({{"prevalence", number_or_null(prevalence)},
                       {"shuffled_labels", number_or_null(shuffled_labels)},
                       {"identifiers_only", number_or_null(identifiers_only)},
                       {"missing_only", number_or_null(missing_only)},
                       {"shuffled_time", number_or_null(shuffled_time)},
                       {"sources", std::move(list)}});
}

std::string LeakProbes::text() const {
  auto out = fmt::format(
      "leak probes (average precision; knowing nothing gives {:.3f})\n"
      "  labels dealt out at random  {:.3f}\n"
      "  identifiers only            {:.3f}\n"
      "  missing values only         {:.3f}\n"
      "  split that ignores time     {:.3f}\n",
      prevalence, shuffled_labels, identifiers_only, missing_only, shuffled_time);
  for (const auto& s : sources) {
    out += fmt::format("  {:<9} source {:<22} told from the others at AUC {:.3f}\n",
                       name_of(s.label), s.source, s.auc);
  }
  for (const auto& warning : warnings()) out += "  warning: " + warning + "\n";
  return out;
}

}  // namespace winnow::learn
