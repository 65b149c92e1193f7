// The simulated task is neither trivial nor hopeless: a plain classifier of words, trained on the
// past, finds much of the phishing of the future and far from all of it.
#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "simulate/mail_traffic.h"
#include "tests/support/support.h"

namespace winnow::simulate {
namespace {

constexpr std::size_t kBuckets = 1U << 16;

// The words of a text, hashed, each once.
std::vector<std::uint32_t> words_of(const std::string& text) {
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

struct Example {
  std::vector<std::uint32_t> words;
  bool phish = false;
};

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
      const double error = (example.phish ? 1 : 0) - 1 / (1 + std::exp(-sum));
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
    scored.emplace_back(-sum, example.phish);
  }
  std::ranges::sort(scored);
  double found = 0, precision_sum = 0;
  for (std::size_t i = 0; i < scored.size(); ++i) {
    if (!scored[i].second) continue;
    precision_sum += ++found / static_cast<double>(i + 1);
  }
  return precision_sum / found;
}

// What a mail says, or also who sends it and where its links lead.
std::string seen_in(const SimulatedMail& mail, bool with_names) {
  return mail.subject + " " + mail.body + (with_names ? " " + mail.sender + " " + mail.urls : "");
}

double average_precision_of_words(std::uint64_t seed, bool with_names) {
  const auto company = Company::build({.seed = seed});
  const MailTrafficConfig config{.seed = seed, .days = 150, .mails_a_day = 80, .phish_share = 0.06};
  MailTraffic traffic(company, config);
  std::vector<Example> past, future;
  const auto split = config.from + std::chrono::hours(24 * 100);
  for (SimulatedMail mail; traffic.next(mail);) {
    (mail.time < split ? past : future)
        .push_back({words_of(seen_in(mail, with_names)), mail.truth == Label::Phish});
  }
  return average_precision(train(past), future);
}

TEST(MailDifficulty, WordsAloneFindMuchAndNotAll) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const double text = average_precision_of_words(seed, false);
    const double names = average_precision_of_words(seed, true);
    RecordProperty("average_precision_" + std::to_string(seed),
                   std::to_string(text) + " " + std::to_string(names));
    EXPECT_GT(text, 0.3) << "seed " << seed;
    EXPECT_LT(text, 0.9) << "seed " << seed;
    EXPECT_GT(names, text) << "seed " << seed;
    EXPECT_LT(names, 0.98) << "seed " << seed;
  }
}

}  // namespace
}  // namespace winnow::simulate
