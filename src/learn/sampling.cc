#include "learn/sampling.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "learn/detail/whole_number.h"

namespace winnow::learn {
namespace {

Status check(const Sampling& s) {
  const bool holds = s.copies_of_a_group > 0 && s.rows_of_a_source > 0 && s.least_source > 0 &&
                     s.source_balance >= 0 && s.source_balance <= 1 && s.unwanted_weight >= 0 &&
                     std::isfinite(s.unwanted_weight);
  if (holds) return {};
  return Error(Code::InvalidArgument,
               fmt::format("rows cannot be sampled with {}", to_text(s.json())));
}

}  // namespace

Json Sampling::json() const {
  return Json::object({{"copies_of_a_group", copies_of_a_group},
                       {"rows_of_a_source", rows_of_a_source},
                       {"source_balance", source_balance},
                       {"least_source", least_source},
                       {"unwanted_weight", unwanted_weight}});
}

Result<Sampling> Sampling::from_json(const Json& json) {
  Sampling s;
  WINNOW_TRY(s.copies_of_a_group, need_count(json, "copies_of_a_group", 1U << 30));
  WINNOW_TRY(s.rows_of_a_source, need_count(json, "rows_of_a_source", 1U << 30));
  WINNOW_TRY(s.least_source, need_count(json, "least_source", 1U << 30));
  WINNOW_TRY(s.source_balance, json.need_number("source_balance"));
  WINNOW_TRY(s.unwanted_weight, json.need_number("unwanted_weight"));
  WINNOW_TRY(check(s));
  return s;
}

Sample sample_rows(const DataSet& data, std::span<const std::uint32_t> rows,
                   const Sampling& sampling, Rng rng) {
  std::vector<std::uint32_t> order(rows.begin(), rows.end());
  rng.shuffle(std::span(order));
  std::map<std::tuple<std::uint32_t, std::uint32_t, Label>, std::uint32_t> of_group;
  std::map<std::uint32_t, std::uint32_t> benign_of_source;
  double malicious = 0, all = 0;
  Sample sample;
  for (const auto row : order) {
    const auto label = data.label(row);
    if (label == Label::Unwanted && sampling.unwanted_weight == 0) continue;
    auto& copies = of_group[{data.source(row), data.group(row), label}];
    if (copies == sampling.copies_of_a_group) continue;
    ++copies;
    malicious += label == Label::Malicious ? 1 : 0;
    all += 1;
    if (label == Label::Benign &&
        ++benign_of_source[data.source(row)] > sampling.rows_of_a_source) {
      continue;
    }
    sample.rows.push_back(row);
  }
  std::sort(sample.rows.begin(), sample.rows.end());
  sample.malicious_share = malicious / all;
  return sample;
}

std::vector<double> row_weights(const DataSet& data, std::span<const std::uint32_t> rows,
                                const Sampling& sampling) {
  std::vector<std::uint32_t> size_of_source(data.sources().size(), 0);
  for (const auto row : rows) ++size_of_source[data.source(row)];
  std::vector<double> weights;
  weights.reserve(rows.size());
  double malicious = 0, others = 0;
  for (const auto row : rows) {
    const auto size = std::max(size_of_source[data.source(row)], sampling.least_source);
    double weight =
        data.weight(row) * std::pow(static_cast<double>(size), -sampling.source_balance);
    if (data.label(row) == Label::Unwanted) weight *= sampling.unwanted_weight;
    (data.label(row) == Label::Malicious ? malicious : others) += weight;
    weights.push_back(weight);
  }
  const double half = static_cast<double>(rows.size()) / 2;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double sum = data.label(rows[i]) == Label::Malicious ? malicious : others;
    if (sum > 0) weights[i] *= half / sum;
  }
  return weights;
}

}  // namespace winnow::learn
