// What a map of a feature set's file must have.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/yaml.h"

namespace winnow::features {

// Errors: InvalidArgument, at the map's line: a member that is absent has none.
inline Status need(const Yaml& map, std::initializer_list<std::string_view> members) {
  for (const auto member : members) {
    if (!map.has(member)) return map.error("'" + std::string(member) + "' is missing");
  }
  return {};
}

}  // namespace winnow::features
