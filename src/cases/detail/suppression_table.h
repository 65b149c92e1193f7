// The rows of suppressions, and which of them covers a finding.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/finding.h"
#include "cases/suppression.h"
#include "store/sqlite.h"

namespace winnow::cases {

inline constexpr std::string_view kSuppressionColumns =
    "id, kind, value, escalations, reason, author, created_at, expires_at, revoked_at, revoked_by, "
    "hits, last_hit_at";
Result<Suppression> read_suppression(SqliteStatement& row);

// "s-1f", of the entry that made it.
std::string suppression_id(std::uint64_t audit_entry);

// Statements are prepared once. Borrows the database.
class SuppressionTable {
 public:
  static Result<SuppressionTable> open(Sqlite& database);

  Status add(std::uint64_t audit_entry, const NewSuppression& suppression, std::string_view author,
             Timestamp at);
  Status revoke(std::string_view id, std::string_view actor, Timestamp at);
  // The id of the oldest one that covers the finding at the time of its decision; `home` is the id
  // of the case it would join, empty for none. Empty: none does.
  Result<std::string> covering(const Finding& finding, std::string_view home);
  Status count_hit(std::string_view id, Timestamp at);

 private:
  explicit SuppressionTable(Sqlite& database) : database_(&database) {}
  Sqlite* database_;
  std::optional<SqliteStatement> covering_, hit_;
};

}  // namespace winnow::cases
