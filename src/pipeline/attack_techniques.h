// The names of MITRE ATT&CK's techniques. A code says nothing to whoever does not know it by heart.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace winnow {

// "Application Layer Protocol: Web Protocols" for "T1071.001"; empty for an id that ATT&CK does not
// have. Any thread; a binary search.
std::string_view technique_name(std::string_view id);

// The id of ATT&CK that is most like this one; empty where none is.
std::string nearest_technique(std::string_view id);

// "T1071.001 Application Layer Protocol: Web Protocols"; the id alone where it has no name.
std::string technique_text(std::string_view id);

// The names in the order of `ids`, as JSON; empty texts where there are none.
Json technique_names(std::span<const std::string> ids);

}  // namespace winnow
