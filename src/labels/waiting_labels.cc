#include "labels/waiting_labels.h"

#include <array>
#include <string>
#include <vector>

namespace winnow {
namespace {

constexpr std::string_view kTable = R"sql(
  CREATE TABLE waiting_labels (
    number      INTEGER PRIMARY KEY,
    event       TEXT NOT NULL,
    label       INTEGER NOT NULL,
    step        TEXT NOT NULL,
    origin      TEXT NOT NULL,
    audit_entry INTEGER NOT NULL
  ) STRICT;
)sql";

}  // namespace

Result<WaitingLabels> WaitingLabels::open(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite, {}));
  constexpr std::array kSteps = {kTable};
  WINNOW_TRY(sqlite.migrate("labels", kSteps));
  return WaitingLabels(std::move(sqlite));
}

Status WaitingLabels::add(std::span<const LabelStatement> statements) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(auto insert, database_.prepare("INSERT INTO waiting_labels"
                                            " (event, label, step, origin, audit_entry)"
                                            " VALUES (?1, ?2, ?3, ?4, ?5)"));
  for (const auto& statement : statements) {
    WINNOW_TRY(insert.bind(statement.event, static_cast<int>(statement.label), statement.step,
                           statement.origin, statement.entry));
    WINNOW_TRY(insert.run());
  }
  return transaction.commit();
}

Result<std::size_t> WaitingLabels::hand_over(EventLog& events, const Clock& clock,
                                             std::size_t most) {
  WINNOW_TRY(auto select, database_.prepare("SELECT number, event, label, step, origin, audit_entry"
                                            " FROM waiting_labels ORDER BY number LIMIT ?1"));
  WINNOW_TRY(select.bind(std::uint64_t{most}));
  std::vector<LabelStatement> statements;
  std::uint64_t last = 0;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    auto& one = statements.emplace_back();
    int label = 0;
    WINNOW_TRY(select.read(last, one.event, label, one.step, one.origin, one.entry));
    one.label = static_cast<Label>(label);
    one.given = clock.now();
  }
  if (statements.empty()) return std::size_t{0};
  // First the log: what it has and this table has too is harmless, the reverse is a loss.
  WINNOW_TRY(events.label(statements));
  WINNOW_TRY(database_.run("DELETE FROM waiting_labels WHERE number <= ?1", last));
  return statements.size();
}

}  // namespace winnow
