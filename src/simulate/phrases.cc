#include "simulate/detail/phrases.h"

#include <array>

namespace winnow::simulate {

std::string_view name_of(Topic topic) {
  constexpr std::array<std::string_view, kTopics> kNames = {
      "talk",        "request", "invoice",   "newsletter", "share",  "ticket",
      "it",          "signin",  "parcel",    "bank",       "hr",     "private",
      "application", "travel",  "voicemail", "signature",  "advance"};
  return kNames[static_cast<std::size_t>(topic)];
}

const Grammar& phrases(Language language) {
  static const std::array<Grammar, kLanguages> kGrammars = {
      Grammar(kEnglish), Grammar(kGerman),     Grammar(kFrench),
      Grammar(kSpanish), Grammar(kPortuguese), Grammar(kItalian)};
  return kGrammars[static_cast<std::size_t>(language)];
}

}  // namespace winnow::simulate
