#include "cli/detail/invented_company.h"

#include <algorithm>

namespace winnow::cli {

Option people_option(std::string_view preset) {
  return {Option::Kind::Integer, "people", "who work there", preset};
}

simulate::Company invented_company(const Arguments& arguments) {
  const auto people = std::clamp<std::int64_t>(arguments.integer("people"), 10, 10'000);
  return simulate::Company::build({.seed = static_cast<std::uint64_t>(arguments.integer("seed")),
                                   .people = static_cast<unsigned>(people)});
}

}  // namespace winnow::cli
