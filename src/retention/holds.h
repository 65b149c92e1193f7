// Legal holds: what nothing may be removed of, whatever its age, until somebody releases it. The
// audit log is the truth: placing and releasing are recorded there first, and what stands in SQL is
// only its projection, caught up whenever it is opened or asked (ADR 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "registry/registry.h"
#include "store/sqlite.h"

namespace winnow {

// What fits all that is there; something must be.
struct HoldScope {
  std::optional<std::string> case_id = {};
  std::optional<std::string> mailbox = {};         // mails from it or to it, in normal form
  std::optional<Timestamp> from = {}, until = {};  // of arrival: from <= t < until
  friend bool operator==(const HoldScope&, const HoldScope&) = default;
};

struct NewHold {
  HoldScope scope;
  std::string reason;
};

struct Hold {
  std::uint64_t audit_entry = 0;  // where it was placed
  std::string id;                 // "h-1f": from its place in the audit log
  HoldScope scope;
  std::string reason;
  std::string author;
  Timestamp placed_at;
  std::optional<Timestamp> released_at = {};
  std::string released_by = {};
};
Json hold_json(const Hold& hold);

inline constexpr std::size_t kMaxHoldReasonBytes = 1000, kShownHolds = 1000;

// The hold with its scope in normal form. Errors: InvalidArgument (no scope, no reason, no mailbox,
// no case id, an end before the beginning).
Result<NewHold> checked(NewHold hold);

// Reading. One thread at a time; several may each open their own.
class HoldReader {
 public:
  // Errors: NotFound (there was never a place for holds), Corrupt, Denied, Unavailable.
  static Result<HoldReader> open(const Path& database);
  Result<std::vector<Hold>> all();     // newest first, at most kShownHolds
  Result<std::vector<Hold>> active();  // in the order in which they were placed

 private:
  explicit HoldReader(Sqlite database) : database_(std::move(database)) {}
  Sqlite database_;
};

// As HoldReader::active(), also of a workspace that never had a place for holds. Errors: as there.
Result<std::vector<Hold>> active_holds(const Path& database);

// Writing. One thread at a time; several processes may each open their own. `registry` outlives it.
class Holds {
 public:
  // Errors: Corrupt, Denied, Unavailable.
  static Result<Holds> open(Registry& registry, const Path& database);

  // From the moment that it returns nothing of the scope is removed. Waits for the batch of
  // removals that goes on in whatever process, which takes a moment. Errors: of checked();
  // InvalidArgument (no actor); Conflict (a batch takes more than kPatience); Exhausted,
  // Unavailable.
  Result<Hold> place(const NewHold& hold, std::string_view actor);
  // Errors: NotFound, Conflict (is released), Exhausted, Unavailable.
  Result<Hold> release(std::string_view id, std::string_view actor);

  // Those that are active now, in the order in which they were placed; also what another process
  // recorded.
  Result<std::vector<Hold>> active();

  // While it lives nobody places a hold. Whoever removes something takes it, asks whether there is
  // a hold that it did not know, removes a bounded part, and lets go of it. Errors: of FileLock.
  Result<FileLock> pause();
  // Where in the audit log the newest hold was placed; released or not, in whatever process.
  // Nothing without any.
  Result<std::optional<std::uint64_t>> newest();

  static constexpr std::chrono::seconds kPatience{10};

 private:
  Holds(Registry& registry, Sqlite database, Path lock)
      : registry_(&registry), database_(std::move(database)), lock_(std::move(lock)) {}
  Status catch_up();
  Status project(std::uint64_t index, std::string_view text);
  Result<Hold> hold(std::string_view id);
  Registry* registry_;
  Sqlite database_;
  Path lock_;
  std::uint64_t seen_ = 0;  // entries of the audit log
};

}  // namespace winnow
