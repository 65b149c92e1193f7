// The table that scripts/zone-table made: lines of a zone's name, a blank and its rule, by name.
#pragma once

#include <span>
#include <string_view>

namespace winnow::mapping {

struct ZoneFile {
  std::string_view path;
  std::string_view text;
};
std::span<const ZoneFile> zone_files();  // one

}  // namespace winnow::mapping
