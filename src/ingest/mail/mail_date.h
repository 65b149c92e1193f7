// Dates as mail writes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/timestamp.h"

namespace winnow {

// RFC 5322 section 3.3 and its obsolete forms (two-digit years, named zones, comments), C's
// asctime() form, and RFC 3339; in UTC. A missing or unknown zone is UTC. Nothing for anything
// else, and for years outside 1970 to 2200.
std::optional<Timestamp> read_mail_date(std::string_view text);

// "Tue, 03 Mar 2026 09:00:00 +0000" (RFC 5322 section 3.3), as a clock `utc_offset_h` hours ahead
// of UTC shows it.
std::string mail_date(Timestamp time, int utc_offset_h = 0);

}  // namespace winnow
