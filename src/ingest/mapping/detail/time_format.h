// Times as a source writes them, by a format that its mapping declares.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "ingest/mapping/detail/zone_rule.h"

namespace winnow::mapping {

// Immutable; thread-safe.
class TimeFormat {
 public:
  // `format` has the directives of strptime that docs/mappings.md lists; other characters stand for
  // themselves, a blank for any number of blanks. `zone` is that of a text that does not tell its
  // own offset. Errors: InvalidArgument (an unknown directive, one that stands twice, no day).
  static Result<TimeFormat> compile(std::string_view format, const ZoneRule& zone);

  // The time that the whole text tells; nothing where it is not of the format. What has no year
  // takes the latest that puts it no more than a day behind `arrived`, and is nothing without that;
  // what clocks showed twice is the one nearer to it. Linear in the text.
  std::optional<Timestamp> read(std::string_view text, std::optional<Timestamp> arrived) const;

 private:
  struct Piece {
    char directive = 0;        // 0: the text
    std::string literal = {};  // only blanks: any number of them
  };
  std::vector<Piece> pieces_;
  ZoneRule zone_;
  bool has_year_ = false;
};

// "+01:00", "-0530", "UTC" or "Z": so far ahead of UTC; nothing of another text.
std::optional<std::chrono::minutes> read_offset(std::string_view text);

}  // namespace winnow::mapping
