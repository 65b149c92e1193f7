// Telling XGBoost's forms apart, and what its objectives mean for a forest.
#include "model/detail/xgboost.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "model/detail/ubjson.h"
#include "model/forest_import.h"

namespace winnow {
namespace {

using BaseScore = XgboostObjective::BaseScore;

constexpr auto kObjectives = std::to_array<XgboostObjective>({
    {"reg:squarederror", Link::Identity, BaseScore::Margin},
    {"reg:linear", Link::Identity, BaseScore::Margin},
    {"reg:squaredlogerror", Link::Identity, BaseScore::Margin},
    {"reg:pseudohubererror", Link::Identity, BaseScore::Margin},
    {"reg:absoluteerror", Link::Identity, BaseScore::Margin},
    {"reg:quantileerror", Link::Identity, BaseScore::Margin},
    {"reg:expectileerror", Link::Identity, BaseScore::Margin},
    {"reg:logistic", Link::Logistic, BaseScore::Probability},
    {"binary:logistic", Link::Logistic, BaseScore::Probability},
    {"binary:logitraw", Link::Identity, BaseScore::Margin},
    {"binary:hinge", Link::Step, BaseScore::Margin},
    {"multi:softmax", Link::Softmax, BaseScore::Margin},
    {"multi:softprob", Link::Softmax, BaseScore::Margin},
    {"count:poisson", Link::Exponential, BaseScore::Positive},
    {"reg:gamma", Link::Exponential, BaseScore::Positive},
    {"reg:tweedie", Link::Exponential, BaseScore::Positive},
    {"survival:cox", Link::Exponential, BaseScore::Positive},
    {"survival:aft", Link::Exponential, BaseScore::Positive},
    {"rank:pairwise", Link::Identity, BaseScore::Margin},
    {"rank:ndcg", Link::Identity, BaseScore::Margin},
    {"rank:map", Link::Identity, BaseScore::Margin},
});

// JSON opens its document with a quote after the brace, UBJSON with a key's length or a count.
bool looks_like_json(std::string_view bytes) {
  const auto second = bytes.find_first_not_of(" \t\r\n", 1);
  return second != std::string_view::npos && (bytes[second] == '"' || bytes[second] == '}');
}

// XGBoost's JSON holds a word that JSON lacks: NaN, as the threshold of a split on categories.
// Outside of strings it can stand for nothing else.
std::string with_nan_as_null(std::string_view bytes) {
  constexpr std::string_view kNan = "NaN";
  std::string out;
  out.reserve(bytes.size());
  bool in_string = false;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (!in_string && bytes.substr(at, kNan.size()) == kNan) {
      out += "null";
      at += kNan.size() - 1;
      continue;
    }
    out.push_back(bytes[at]);
    if (bytes[at] == '"') in_string = !in_string;
    if (in_string && bytes[at] == '\\' && at + 1 < bytes.size()) out.push_back(bytes[++at]);
  }
  return out;
}

Result<Json> read_document(std::string_view bytes, const ForestLimits& limits) {
  if (!looks_like_json(bytes))
    return parse_ubjson(bytes, {.max_values = limits.max_nodes, .max_depth = 32});
  // A null is a byte longer than what it stands for.
  const JsonLimits json_limits{.max_bytes = 2 * limits.max_bytes, .max_depth = 32};
  return bytes.find("NaN") == std::string_view::npos
             ? parse_json(bytes, json_limits)
             : parse_json(with_nan_as_null(bytes), json_limits);
}

}  // namespace

float XgboostObjective::margin_of(float score) const {
  switch (base_score) {
    case BaseScore::Margin:
      return score;
    case BaseScore::Probability:
      return -std::log(1.0F / score - 1.0F);
    case BaseScore::Positive:
      return std::log(score);
  }
  return score;
}

Result<XgboostObjective> xgboost_objective(std::string_view name) {
  for (const auto& objective : kObjectives) {
    if (objective.name == name) return objective;
  }
  return Error(Code::Unsupported,
               fmt::format("XGBoost's objective '{}' is not known", name.substr(0, 80)));
}

Status keep_best_rounds(std::string_view best_iteration, std::size_t trees_per_round,
                        Forest& forest) {
  if (best_iteration.empty()) return {};
  std::uint32_t best = 0;
  const auto* last = best_iteration.data() + best_iteration.size();
  if (const auto [end, error] = std::from_chars(best_iteration.data(), last, best);
      error != std::errc() || end != last) {
    return Error(Code::InvalidArgument,
                 fmt::format("best_iteration is '{}', not a number", best_iteration.substr(0, 40)));
  }
  const std::size_t rounds = std::size_t{best} + 1;
  if (trees_per_round == 0 || rounds >= forest.trees.size() / trees_per_round) return {};
  forest.trees.resize(rounds * trees_per_round);
  return {};
}

Result<Forest> read_xgboost(std::string_view bytes, const ForestLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    return Error(Code::Exhausted,
                 fmt::format("a model of {} bytes, allowed are {}", bytes.size(), limits.max_bytes))
        .with_hint("raise the limit for models that you trust");
  }
  if (!bytes.starts_with('{')) return read_xgboost_binary(bytes, limits);
  WINNOW_TRY(const Json document, read_document(bytes, limits));
  return read_xgboost_document(document, limits);
}

}  // namespace winnow
