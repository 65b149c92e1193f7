#include "tests/simulate/word_classifier.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include "base/digest.h"
#include "base/rng.h"
#include "base/utf8.h"

namespace winnow::simulate {
namespace {

constexpr std::size_t kBuckets = 1U << 16;

// Logistic regression by stochastic gradient descent with decaying steps.
std::vector<double> train(const std::vector<Example>& examples) {
  std::vector<double> weights(kBuckets + 1, 0);
  Rng rng(1);
  std::vector<std::size_t> order(examples.size());
  std::iota(order.begin(), order.end(), 0);
  for (int epoch = 0; epoch < 8; ++epoch) {
    rng.shuffle(std::span(order));
    const double step = 0.5 / (1 + epoch);
    for (const auto i : order) {
      const auto& example = examples[i];
      const double scale = 1 / std::sqrt(static_cast<double>(example.words.size()) + 1);
      double sum = weights[kBuckets];
      for (const auto word : example.words) sum += scale * weights[word];
      const double error = (example.malicious ? 1 : 0) - 1 / (1 + std::exp(-sum));
      weights[kBuckets] += step * error;
      for (const auto word : example.words) weights[word] += step * error * scale;
    }
  }
  return weights;
}

double average_precision(const std::vector<double>& weights, const std::vector<Example>& examples) {
  std::vector<std::pair<double, bool>> scored;
  for (const auto& example : examples) {
    const double scale = 1 / std::sqrt(static_cast<double>(example.words.size()) + 1);
    double sum = 0;
    for (const auto word : example.words) sum += scale * weights[word];
    scored.emplace_back(-sum, example.malicious);
  }
  std::ranges::sort(scored);
  double found = 0, precision_sum = 0;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    if (!scored[i].second) continue;
    precision_sum += ++found / static_cast<double>(i + 1);
  }
  return precision_sum / found;
}

}  // namespace

std::vector<std::uint32_t> words_of(std::string_view text) {
  std::vector<std::uint32_t> words;
  const auto lower = ascii_lower(text);
  for (std::size_t at = 0; at < lower.size();) {
    std::size_t end = at;
    const auto in_word = [&](char c) {
      return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    };
    while (end < lower.size() && in_word(lower[end])) ++end;
    if (end - at > 1) {
      words.push_back(static_cast<std::uint32_t>(
          hash64(std::string_view(lower).substr(at, end - at)) % kBuckets));
    }
    at = end + 1;
  }
  std::ranges::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

double average_precision_of_words(const std::vector<Example>& past,
                                  const std::vector<Example>& future) {
  return average_precision(train(past), future);
}

}  // namespace winnow::simulate
