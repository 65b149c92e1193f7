#include "cases/detail/suppression_table.h"

#include <fmt/format.h>

#include "names/domain.h"

namespace winnow::cases {

Result<Suppression> read_suppression(SqliteStatement& row) {
  Suppression read;
  std::string kind;
  std::optional<std::string> revoked_by;
  WINNOW_TRY(row.read(read.id, kind, read.scope.value, read.scope.escalations, read.reason,
                      read.author, read.created_at, read.expires_at, read.revoked_at, revoked_by,
                      read.hits, read.last_hit_at));
  WINNOW_TRY(read.scope.kind, scope_kind_named(kind));
  read.revoked_by = revoked_by.value_or("");
  return read;
}

std::string suppression_id(std::uint64_t audit_entry) { return fmt::format("s-{:x}", audit_entry); }

Result<SuppressionTable> SuppressionTable::open(Sqlite& database) {
  SuppressionTable table(database);
  // ?5: whether only those count that cover escalations. The domains above the sender's, the
  // sender's own included, come as JSON.
  WINNOW_TRY(table.covering_,
             database.prepare(
                 "SELECT id FROM case_suppressions WHERE ((kind = 'sender' AND value = ?1) OR "
                 "(kind = 'sender_domain' AND value IN (SELECT value FROM json_each(?2))) OR "
                 "(kind = 'campaign' AND value = ?3)) AND revoked_at IS NULL AND created_at <= ?4 "
                 "AND (expires_at IS NULL OR expires_at > ?4) AND escalations >= ?5 "
                 "ORDER BY audit_entry LIMIT 1"));
  WINNOW_TRY(table.hit_, database.prepare("UPDATE case_suppressions SET hits = hits + 1, "
                                          "last_hit_at = ?2 WHERE id = ?1"));
  return table;
}

Status SuppressionTable::add(std::uint64_t audit_entry, const NewSuppression& suppression,
                             std::string_view author, Timestamp at) {
  return database_->run(
      "INSERT INTO case_suppressions VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,NULL,NULL,0,NULL)",
      audit_entry, suppression_id(audit_entry), name_of(suppression.scope.kind),
      suppression.scope.value, suppression.scope.escalations, suppression.reason, author, at,
      suppression.expires);
}

Status SuppressionTable::revoke(std::string_view id, std::string_view actor, Timestamp at) {
  return database_->run(
      "UPDATE case_suppressions SET revoked_at = ?2, revoked_by = ?3 WHERE id = ?1 AND revoked_at "
      "IS NULL",
      id, at, actor);
}

Result<std::string> SuppressionTable::covering(const Finding& finding, std::string_view home) {
  const auto& record = finding.record;
  // Who acted elsewhere is no sender, however much it looks like a mailbox.
  const std::string_view sender =
      finding.domains.has(Domain::Mail) ? std::string_view(record.sender) : std::string_view();
  const auto at = sender.rfind('@');
  Json domains = Json::array();
  if (at != std::string_view::npos) {
    const auto host = sender.substr(at + 1);
    const auto labels = labels_of(host);
    for (const auto label : labels)
      domains.push(host.substr(static_cast<std::size_t>(label.data() - host.data())));
  }
  const bool escalated =
      record.decision.route == Route::Escalate || record.decision.route == Route::Playbook;
  WINNOW_TRY(covering_->bind(sender, to_text(domains), home, record.decided_at, escalated));
  WINNOW_TRY(const bool found, covering_->next());
  std::string id;
  if (!found) return id;
  WINNOW_TRY(covering_->read(id));
  WINNOW_TRY(covering_->run());
  return id;
}

Status SuppressionTable::count_hit(std::string_view id, Timestamp at) {
  WINNOW_TRY(hit_->bind(id, at));
  return hit_->run();
}

}  // namespace winnow::cases
