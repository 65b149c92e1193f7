// A plain classifier of words, by which simulated tasks are shown to be neither trivial nor
// hopeless.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace winnow::simulate {

struct Example {
  std::vector<std::uint32_t> words;
  bool malicious = false;
};

// The words of a text, hashed, each once.
std::vector<std::uint32_t> words_of(std::string_view text);
// Logistic regression on `past`; its average precision on `future`, of which some are malicious.
double average_precision_of_words(const std::vector<Example>& past,
                                  const std::vector<Example>& future);

}  // namespace winnow::simulate
