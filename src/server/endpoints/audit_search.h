// The audit log, newest first, by what is looked for: a bounded part of it at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "registry/audit_log.h"

namespace winnow::server {

struct AuditSearch {
  std::vector<std::string> words;  // each somewhere in the entry, ASCII letters of either case
  std::string action;              // "case.resolved", or "case": all that begins with that noun
  std::string actor;
  std::optional<Timestamp> since, until;  // since <= t < until
  std::optional<std::uint64_t> before;    // only entries older than this one
  std::uint64_t limit = 50;
};

// {entries: [{index, time, actor, action, subject, details}...], next, size, searched: {from, to}}:
// what was found among the entries from `from` (newest) to `to`, and where to go on, null at the
// beginning of the log. A page reads at most kEntriesAPage entries, so it may find nothing and
// still have a next one. Errors: Corrupt, Unavailable.
inline constexpr std::uint64_t kEntriesAPage = 20'000;
Result<Json> search_audit(const AuditLog& audit, const AuditSearch& search);

// One entry, as above. Errors: InvalidArgument (it is none).
Result<Json> audit_entry_json(std::uint64_t index, std::string_view text);

}  // namespace winnow::server
