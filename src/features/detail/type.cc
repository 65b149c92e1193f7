#include "features/detail/type.h"

#include <array>
#include <string>

namespace winnow::features {

std::string_view name_of(Type type) {
  static constexpr std::array<std::string_view, 17> kNames = {
      "number",      "yes/no",   "text",    "texts",    "words",  "letters",
      "list",        "seen",     "counts",  "distinct", "window", "distinct_window",
      "frequencies", "arrivals", "lexicon", "domains",  "token"};
  return kNames[static_cast<std::size_t>(type)];
}

}  // namespace winnow::features
