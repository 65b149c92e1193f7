// Decisions whose time is over.
#include <algorithm>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

#include "pipeline/decision_store.h"
#include "pipeline/detail/closed_decisions.h"

namespace winnow {

Result<std::uint64_t> remove_decisions(Sqlite& database, std::span<const Digest> ids,
                                       const Removal& removal) {
  WINNOW_TRY(
      database.run("INSERT OR IGNORE INTO decision_removals (removed_at, rule) VALUES (?1, ?2)",
                   removal.at, removal.rule));
  WINNOW_TRY(auto tell,
             database.prepare("INSERT OR REPLACE INTO removed_decisions SELECT ?1, number FROM "
                              "decision_removals WHERE removed_at = ?2 AND rule = ?3"));
  WINNOW_TRY(auto erase, database.prepare("DELETE FROM decisions WHERE id = ?1"));
  std::vector<Digest> removed, no_rows;
  for (const auto& id : ids) {
    WINNOW_TRY(erase.bind(id));
    WINNOW_TRY(erase.run());
    (database.changes() == 0 ? no_rows : removed).push_back(id);
  }
  if (!no_rows.empty()) {
    WINNOW_TRY(const auto of_packs, ClosedDecisions(database).remove(no_rows));
    removed.insert(removed.end(), of_packs.begin(), of_packs.end());
  }
  for (const auto& id : removed) {
    WINNOW_TRY(tell.bind(id, removal.at, removal.rule));
    WINNOW_TRY(tell.run());
  }
  return std::uint64_t{removed.size()};
}

Result<std::uint64_t> DecisionStore::remove(std::span<const Digest> ids, const Removal& removal) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(const auto removed, remove_decisions(database_, ids, removal));
  WINNOW_TRY(transaction.commit());
  WINNOW_TRY(database_.sync());
  return removed;
}

Result<std::vector<OldDecision>> DecisionStore::closed_before(
    Timestamp before, const std::optional<OldDecision>& after, std::size_t limit) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT id, event, decided_at FROM decisions WHERE route = ?1 AND "
                               "decided_at < ?2 AND (decided_at, id) > (?3, ?4) ORDER BY "
                               "decided_at, id LIMIT ?5"));
  WINNOW_TRY(select.bind(name_of(Route::Close), before,
                         after ? after->decided_at : Timestamp::from_micros(INT64_MIN),
                         after ? after->id.hex() : "", limit));
  std::vector<OldDecision> rows;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    auto& one = rows.emplace_back();
    WINNOW_TRY(select.read(one.id, one.event, one.decided_at));
  }
  if (!has_packs_) return rows;
  WINNOW_TRY(const auto closed, ClosedDecisions(database_).oldest(before, after, limit));
  std::vector<OldDecision> found;
  std::ranges::merge(rows, closed, std::back_inserter(found), [](const auto& a, const auto& b) {
    return std::tie(a.decided_at, a.id) < std::tie(b.decided_at, b.id);
  });
  if (found.size() > limit) found.resize(limit);
  return found;
}

// Nothing where none was removed whose id begins so; and where the tables are an older Winnow's,
// which removed none.
Result<std::optional<Removal>> DecisionStore::removal_of(std::string_view id_prefix) {
  {
    WINNOW_TRY(auto table,
               database_.prepare("SELECT 1 FROM sqlite_master WHERE name = 'removed_decisions'"));
    WINNOW_TRY(table.bind());
    WINNOW_TRY(const bool there, table.next());
    if (!there) return std::optional<Removal>();
  }
  WINNOW_TRY(auto select, database_.prepare(
                              "SELECT removed_at, rule FROM removed_decisions JOIN "
                              "decision_removals ON number = removal WHERE id >= ?1 AND id < ?1 || "
                              "'g' LIMIT 1"));
  WINNOW_TRY(select.bind(id_prefix));
  WINNOW_TRY(const bool found, select.next());
  if (!found) return std::optional<Removal>();
  Removal removal;
  WINNOW_TRY(select.read(removal.at, removal.rule));
  return std::optional(std::move(removal));
}

}  // namespace winnow
