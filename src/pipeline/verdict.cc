#include "pipeline/verdict.h"

namespace winnow {

std::string_view verdict_of(Label label) {
  switch (label) {
    case Label::None:
      return "";
    case Label::Benign:
      return "benign";
    case Label::Spam:
      return "spam";
    case Label::Phish:
      return "phishing";
    case Label::Malicious:
      return "malicious";
  }
  return "";
}

}  // namespace winnow
