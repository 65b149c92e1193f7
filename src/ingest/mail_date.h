// Dates as mail writes them.
#pragma once

#include <optional>
#include <string_view>

#include "base/timestamp.h"

namespace winnow {

// RFC 5322 section 3.3 and its obsolete forms (two-digit years, named zones, comments), C's
// asctime() form, and RFC 3339; in UTC. A missing or unknown zone is UTC. Nothing for anything
// else, and for years outside 1970 to 2200.
std::optional<Timestamp> read_mail_date(std::string_view text);

}  // namespace winnow
