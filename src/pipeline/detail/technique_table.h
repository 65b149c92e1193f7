// The table that scripts/attack-table made: lines of an id, a blank and a name, by id.
#pragma once

#include <span>
#include <string_view>

namespace winnow {

struct TechniqueFile {
  std::string_view path;
  std::string_view text;
};
std::span<const TechniqueFile> technique_files();  // one

}  // namespace winnow
