#include <algorithm>
#include <memory>

#include <unicode/uspoof.h>

#include "base/utf8.h"
#include "names/lookalike.h"

namespace winnow {
namespace {

struct CloseChecker {
  void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};
using Checker = std::unique_ptr<USpoofChecker, CloseChecker>;

// Constant after its construction, and so shared by all threads; null only if ICU lacks its data.
const USpoofChecker* checker() {
  static const Checker kChecker([] {
    UErrorCode status = U_ZERO_ERROR;
    auto* const made = uspoof_open(&status);
    if (U_FAILURE(status)) return static_cast<USpoofChecker*>(nullptr);
    uspoof_setChecks(made, USPOOF_RESTRICTION_LEVEL, &status);
    uspoof_setRestrictionLevel(made, USPOOF_HIGHLY_RESTRICTIVE);
    return made;
  }());
  return kChecker.get();
}

// UTS 39 section 4. The skeleton is decomposed (NFD), so accents can be dropped afterwards.
std::string uts39_skeleton(std::string_view text) {
  std::string out(text.size() * 6 + 16, '\0');
  UErrorCode status = U_ZERO_ERROR;
  const auto size =
      uspoof_getSkeletonUTF8(checker(), 0, text.data(), static_cast<std::int32_t>(text.size()),
                             out.data(), static_cast<std::int32_t>(out.size()), &status);
  if (U_FAILURE(status)) return std::string(text);
  out.resize(static_cast<std::size_t>(size));
  return out;
}

// Without U+0300 to U+036F, the combining diacritical marks: CC 80 to CD AF in UTF-8.
std::string without_accents(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto code_point = next_code_point(text, at);
    if (code_point < 0x300 || code_point > 0x36F) out += text.substr(begin, at - begin);
  }
  return out;
}

char folded(char c) {
  switch (c) {
    case '0':
      return 'o';
    case '1':
    case 'i':
    case '|':
      return 'l';
    case '2':
      return 'z';
    case '3':
      return 'e';
    case '4':
      return 'a';
    case '5':
      return 's';
    case '7':
      return 't';
    case '8':
      return 'b';
    case '9':
    case 'q':
      return 'g';
    default:
      return c;
  }
}

// Letter pairs first, as UTS 39 itself writes m as rn.
std::string with_ascii_folded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto pair = text.substr(i, 2);
    const char merged = pair == "rn"                   ? 'm'
                        : pair == "vv"                 ? 'w'
                        : pair == "cl" || pair == "c1" ? 'd'
                                                       : '\0';
    if (merged != '\0') {
      out += merged;
      ++i;
    } else {
      out += folded(text[i]);
    }
  }
  return out;
}

}  // namespace

std::string skeleton(std::string_view text) {
  if (is_ascii(text)) return with_ascii_folded(ascii_lower(text));
  // Twice lowered: confusable capitals turn up in the skeleton (0 becomes O).
  return with_ascii_folded(ascii_lower(without_accents(uts39_skeleton(ascii_lower(text)))));
}

bool mixes_scripts(std::string_view text) {
  if (is_ascii(text)) return false;
  UErrorCode status = U_ZERO_ERROR;
  const auto found = uspoof_check2UTF8(checker(), text.data(),
                                       static_cast<std::int32_t>(text.size()), nullptr, &status);
  return U_FAILURE(status) || (found & USPOOF_RESTRICTION_LEVEL) != 0;
}

}  // namespace winnow
