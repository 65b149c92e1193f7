#include "names/lookalike.h"

#include "base/contract.h"

namespace winnow {

std::string_view name_of(LookalikeKind kind) {
  switch (kind) {
    case LookalikeKind::None:
      return "none";
    case LookalikeKind::Same:
      return "same";
    case LookalikeKind::Confusable:
      return "confusable";
    case LookalikeKind::DifferentSuffix:
      return "different suffix";
    case LookalikeKind::Typo:
      return "typo";
    case LookalikeKind::Embeds:
      return "embeds";
  }
  violate("every look-alike kind has a name", std::source_location::current());
}

Lookalike compare(std::string_view domain, std::string_view reference) {
  return LookalikeIndex({{std::string(reference), {}, {}}}).find(domain);
}

}  // namespace winnow
