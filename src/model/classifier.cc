#include "model/classifier.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "base/bytes.h"
#include "model/detail/envelope.h"

namespace winnow {
namespace {

constexpr std::string_view kMagic = "WnClassf";
constexpr std::uint32_t kVersion = 1;

// Which optional parts follow.
constexpr std::uint8_t kHasText = 1, kHasLinear = 2;

Status check_names(const ClassifierParts& parts) {
  if (parts.features.size() != parts.forest.features) {
    return Error(Code::InvalidArgument, fmt::format("{} feature names for a forest of {} features",
                                                    parts.features.size(), parts.forest.features));
  }
  std::set<std::string_view> seen;
  for (const auto& name : parts.features) {
    if (name.empty() || !seen.insert(name).second) {
      return Error(Code::InvalidArgument,
                   fmt::format("the feature name '{}' is empty or occurs twice", name));
    }
  }
  if (parts.text.has_value() == parts.text_feature.empty()) {
    return Error(Code::InvalidArgument, "a text model needs a text feature, and the reverse");
  }
  if (parts.text && !seen.contains(parts.text_feature)) {
    return Error(Code::InvalidArgument,
                 fmt::format("the text feature '{}' is no feature", parts.text_feature));
  }
  return {};
}

Status check_weights(const ClassifierParts& parts) {
  if (!std::isfinite(parts.forest_weight) || !std::isfinite(parts.text_weight)) {
    return Error(Code::InvalidArgument, "a weight of the blend is not finite");
  }
  if (!parts.text && parts.text_weight != 0) {
    return Error(Code::InvalidArgument, "a text weight without a text model");
  }
  if (parts.forest.outputs() != 1) {
    return Error(
        Code::InvalidArgument,
        fmt::format("a classifier needs one output, the forest has {}", parts.forest.outputs()));
  }
  return {};
}

std::optional<std::size_t> column_of(const std::vector<std::string>& features,
                                     std::string_view name) {
  const auto found = std::find(features.begin(), features.end(), name);
  if (found == features.end()) return std::nullopt;
  return static_cast<std::size_t>(found - features.begin());
}

void explain_linear(const ColumnLinear& linear, std::span<const float> row, std::size_t i,
                    Contributions& out) {
  out.base(i) += static_cast<float>(linear.bias);
  for (const auto& term : linear.terms)
    out.row(i)[term.column] += static_cast<float>(ColumnLinear::moved(term, row));
}

void put(ByteWriter& out, const ColumnLinear& linear) {
  out.put(linear.bias).put_count(linear.terms.size());
  for (const auto& term : linear.terms)
    out.put_count(term.column).put(term.weight).put(term.center);
}

ColumnLinear get_linear(ByteReader& in) {
  ColumnLinear linear;
  linear.bias = in.get<double>();
  linear.terms.resize(in.get_item_count(1 + 2 * sizeof(double)));
  for (auto& term : linear.terms) {
    term.column = static_cast<std::uint32_t>(in.get_count());
    term.weight = in.get<double>();
    term.center = in.get<double>();
  }
  return linear;
}

}  // namespace

Classifier::Classifier(ClassifierParts parts, ForestModel forest,
                       std::optional<std::size_t> text_column)
    : features_(std::move(parts.features)),
      forest_(std::move(forest)),
      text_(std::move(parts.text)),
      text_column_(text_column),
      forest_weight_(parts.forest_weight),
      text_weight_(parts.text_weight),
      calibrator_(std::move(parts.calibrator)),
      linear_(std::move(parts.linear)) {}

Result<Classifier> Classifier::create(ClassifierParts parts, CpuLevel level) {
  WINNOW_TRY(check_names(parts));
  WINNOW_TRY(check_weights(parts));
  if (parts.linear) {
    WINNOW_TRY(check(*parts.linear, parts.features.size()));
  }
  WINNOW_TRY(auto forest, ForestModel::compile(std::move(parts.forest), level));
  const auto column = parts.text ? column_of(parts.features, parts.text_feature) : std::nullopt;
  return Classifier(std::move(parts), std::move(forest), column);
}

float Classifier::text_log_odds(SparseView text) const { return text_ ? text_->margin(text) : 0; }

void Classifier::margins(MatrixView rows, std::span<float> margins) const {
  forest_.margins(rows, margins);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    margins[i] *= forest_weight_;
    if (linear_) margins[i] += static_cast<float>(linear_->margin(rows.row(i)));
    const float text = text_column_ ? rows.row(i)[*text_column_] : 0;
    if (!std::isnan(text)) margins[i] += text_weight_ * text;
  }
}

void Classifier::score(MatrixView rows, std::span<float> probabilities) const {
  margins(rows, probabilities);
  for (auto& value : probabilities.first(rows.rows)) value = calibrator_.probability(value);
}

void Classifier::explain(MatrixView rows, Contributions& out) const {
  forest_.explain(rows, out);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    for (float& value : out.row(i)) value *= forest_weight_;
    out.base(i) *= forest_weight_;
    if (linear_) explain_linear(*linear_, rows.row(i), i, out);
    const float text = text_column_ ? rows.row(i)[*text_column_] : 0;
    if (text_column_ && !std::isnan(text)) out.row(i)[*text_column_] += text_weight_ * text;
  }
}

std::vector<LinearModel::Term> Classifier::text_terms(SparseView text, float contribution,
                                                      std::size_t count) const {
  if (!text_) return {};
  auto terms = text_->strongest_terms(text, text.indices.size());
  std::erase_if(terms, [&](const auto& term) { return (term.log_odds > 0) != (contribution > 0); });
  double total = 0;
  for (const auto& term : terms) total += static_cast<double>(term.log_odds);
  for (auto& term : terms) {
    term.log_odds = static_cast<float>(static_cast<double>(contribution) *
                                       (static_cast<double>(term.log_odds) / total));
  }
  terms.resize(std::min(count, terms.size()));
  return terms;
}

std::string Classifier::to_bytes() const {
  ByteWriter out;
  out.put_count(features_.size());
  for (const auto& name : features_) out.put_text(name);
  out.put(forest_weight_).put(text_weight_);
  out.put_text(winnow::to_bytes(forest_.forest())).put_text(calibrator_.to_bytes());
  out.put(static_cast<std::uint8_t>((text_ ? kHasText : 0) | (linear_ ? kHasLinear : 0)));
  if (linear_) put(out, *linear_);
  if (text_) out.put_text(features_[*text_column_]).put_text(text_->to_bytes());
  return seal(kMagic, kVersion, out.bytes());
}

Result<Classifier> Classifier::from_bytes(std::string_view bytes, const ForestLimits& limits,
                                          CpuLevel level) {
  WINNOW_TRY(const auto payload, unseal(kMagic, kVersion, bytes));
  ByteReader in(payload);
  ClassifierParts parts;
  parts.features.resize(in.get_item_count(1));
  for (auto& name : parts.features) name = std::string(in.get_text());
  parts.forest_weight = in.get<float>();
  parts.text_weight = in.get<float>();
  const auto forest = in.get_text();
  const auto calibrator = in.get_text();
  const auto optional = in.get<std::uint8_t>();
  const bool has_text = (optional & kHasText) != 0;
  if ((optional & kHasLinear) != 0) parts.linear = get_linear(in);
  if (has_text) parts.text_feature = std::string(in.get_text());
  const auto text = has_text ? in.get_text() : std::string_view();
  WINNOW_TRY(in.finish("the classifier"));
  WINNOW_TRY(parts.forest, forest_from_bytes(forest, limits));
  WINNOW_TRY(parts.calibrator, Calibrator::from_bytes(calibrator));
  if (has_text) {
    WINNOW_TRY(parts.text, LinearModel::from_bytes(text));
  }
  WINNOW_TRY(auto classifier, create(std::move(parts), level));
  if (classifier.to_bytes() != bytes)
    return Error(Code::Corrupt, "the classifier is not in its canonical form");
  return classifier;
}

}  // namespace winnow
