#include "ingest/records/label.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/utf8.h"

namespace winnow {
namespace {

struct Word {
  std::string_view text;
  Label label;
};

// The words of public corpora and of ticket systems' exports.
constexpr std::array kWords = {
    Word{"benign", Label::Benign},
    Word{"clean", Label::Benign},
    Word{"good", Label::Benign},
    Word{"ham", Label::Benign},
    Word{"legit", Label::Benign},
    Word{"legitimate", Label::Benign},
    Word{"legitimate email", Label::Benign},
    Word{"normal", Label::Benign},
    Word{"not phishing", Label::Benign},
    Word{"safe", Label::Benign},
    Word{"safe email", Label::Benign},
    Word{"bulk", Label::Spam},
    Word{"junk", Label::Spam},
    Word{"spam", Label::Spam},
    Word{"attack", Label::Phish},
    Word{"fraud", Label::Phish},
    Word{"malicious", Label::Phish},
    Word{"phish", Label::Phish},
    Word{"phishing", Label::Phish},
    Word{"phishing email", Label::Phish},
};

}  // namespace

std::string_view name_of(Label label) {
  switch (label) {
    case Label::None:
      return "none";
    case Label::Benign:
      return "benign";
    case Label::Spam:
      return "spam";
    case Label::Phish:
      return "phish";
    case Label::Malicious:
      return "malicious";
  }
  return "none";
}

std::optional<Label> read_label(std::string_view text, Label positive) {
  const std::string word = ascii_lower(trim_ascii(text));
  if (word.empty() || word == "none" || word == "unknown") return Label::None;
  if (word == "0" || word == "0.0" || word == "false" || word == "no") return Label::Benign;
  if (word == "1" || word == "1.0" || word == "true" || word == "yes") return positive;
  const auto* found = std::ranges::find(kWords, word, &Word::text);
  if (found == kWords.end()) return std::nullopt;
  return positive == Label::Malicious && found->label == Label::Phish ? positive : found->label;
}

}  // namespace winnow
