// Which case a finding belongs to: looked up among the grounds of earlier findings, in work that
// does not grow with their number.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "cases/case.h"
#include "cases/detail/case_table.h"
#include "cases/finding.h"
#include "cases/ground.h"
#include "features/text_likeness.h"
#include "store/sqlite.h"

namespace winnow::cases {

// A case takes findings in until it was quiet for so long: then what comes is another matter, and
// the old case is a similar one.
inline constexpr Duration kGroupingWindow = std::chrono::hours(24 * 7);
// Nearly the same text: this share of its terms.
inline constexpr double kLikeness = 0.7;
// A domain that so many mails came from that were closed is a correspondent's.
inline constexpr std::uint64_t kCorrespondent = 3;

// Where a finding belongs.
struct Place {
  std::optional<Case> home;     // empty: it opens a case
  std::vector<Ground> joining;  // why it belongs there, strongest first
  std::vector<Ground> all;      // all that can be looked up later
};

// Statements are prepared once. The database outlives it.
class Grouping {
 public:
  static Result<Grouping> open(Sqlite& database);

  Result<Place> place_of(const Finding& finding, CaseTable& cases);
  // Remembers the finding's grounds for those to come.
  Status remember(const Finding& finding, std::uint64_t case_number, const Place& place);
  // A mail of that sender was closed.
  Status note_closed(std::string_view sender);

 private:
  Grouping() = default;
  Result<std::optional<std::uint64_t>> case_of_mail(const Finding& finding);
  Result<std::optional<std::uint64_t>> newest_case(const Ground& ground);
  Result<std::vector<Ground>> lookups(const Finding& finding);
  Result<std::optional<Ground>> near_text(const TextSignature& signature);
  Status remember_text(const Ground& text, std::span<const std::uint32_t> terms);

  std::optional<SqliteStatement> by_event_, newest_, closed_, note_closed_, near_, text_of_,
      add_ground_, add_text_, add_band_;
};

}  // namespace winnow::cases
