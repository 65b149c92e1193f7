// What a record is said to be by whoever supplied it: the ground truth of training, never an input
// of a decision.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

enum class Label : std::uint8_t {
  None = 0,
  Benign = 1,
  Spam = 2,       // of mails
  Phish = 3,      // likewise
  Malicious = 4,  // of other records
};
// "none", "benign", "spam", "phish", "malicious"
std::string_view name_of(Label label);

// Reads the words and numbers that label columns hold, in any case: "phish", "phishing",
// "malicious", "ham", "benign", "legit", "safe email", "spam", ... "0" and "false" are Benign; "1"
// and "true" are `positive`, which depends on what the column asks; where it is Malicious, so is
// every word for harm. Empty text is Label::None, a word not on the list nothing.
std::optional<Label> read_label(std::string_view text, Label positive = Label::Phish);

}  // namespace winnow
