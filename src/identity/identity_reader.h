// Who was where when: asking.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "identity/party.h"
#include "identity/span.h"
#include "store/sqlite.h"

namespace winnow::identity {

struct Question {
  Party party;
  std::optional<Timestamp> at = {};        // at that moment; absent: whenever, latest first
  std::optional<Timestamp> known_by = {};  // as it was known then; absent: as it is known
  std::size_t limit = 50;                  // spans of each list
};
inline constexpr std::size_t kMostSpans = 500;

struct Answer {
  Question question;
  // What names the party itself.
  std::vector<Span> direct = {};
  // At a moment: through the hosts that the party is then on or has, at most kMostHosts of them.
  // Of an address their users, of a user their addresses.
  std::vector<Span> through = {};
  // There is more: spans beyond the limit, or sightings beyond what is looked at.
  bool more = false;
  std::uint64_t taken_in = 0;  // the place in the order of arrival up to which events are known
};
inline constexpr std::size_t kMostHosts = 5;

// One thread at a time; several may each open their own, beside an IdentityBook.
class IdentityReader {
 public:
  // Errors: NotFound (nothing was ever taken in), Corrupt, Denied, Unavailable, Unsupported.
  static Result<IdentityReader> open(const Path& database);

  // Looks at 2,000 sightings a relation and kind of witness at most, those nearest to the moment,
  // and not further from it than a day or what the witness holds. Errors: Corrupt, Unavailable.
  Result<Answer> who(const Question& question);

 private:
  explicit IdentityReader(Sqlite database) : database_(std::move(database)) {}
  Result<std::vector<Span>> spans_about(const Party& party, const Question& question, bool& more);
  Status gather(Relation relation, const Party& party, const Question& question,
                std::vector<Sighting>& found, bool& more);
  Status add_rivals(const Question& question, std::vector<Sighting>& found, bool& more);
  Sqlite database_;
};

}  // namespace winnow::identity
