// Cases whose time is over.
#include "cases/detail/case_removal.h"

#include "cases/case_reader.h"

namespace winnow::cases {
namespace {

// What stands under a case's number, ?1. Texts and their bands go when no other case has them.
constexpr std::string_view kStatements[] = {
    R"sql(
DELETE FROM case_bands WHERE text IN (
  SELECT text FROM case_texts WHERE value IN (
    SELECT value FROM case_grounds g WHERE case_number = ?1 AND kind = 'text' AND NOT EXISTS (
      SELECT 1 FROM case_grounds o
      WHERE o.kind = 'text' AND o.value = g.value AND o.case_number <> ?1))))sql",
    R"sql(
DELETE FROM case_texts WHERE value IN (
  SELECT value FROM case_grounds g WHERE case_number = ?1 AND kind = 'text' AND NOT EXISTS (
    SELECT 1 FROM case_grounds o
    WHERE o.kind = 'text' AND o.value = g.value AND o.case_number <> ?1)))sql",
    "DELETE FROM case_grounds WHERE case_number = ?1",
    "DELETE FROM case_entities WHERE case_number = ?1",
    "DELETE FROM case_recipients WHERE case_number = ?1",
    "DELETE FROM case_history WHERE case_number = ?1",
    "DELETE FROM case_verdicts WHERE case_number = ?1",
    "DELETE FROM case_findings WHERE case_number = ?1",
    "DELETE FROM cases WHERE number = ?1"};

Result<std::vector<Digest>> read_digests(SqliteStatement& select) {
  std::vector<Digest> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    WINNOW_TRY(select.read(found.emplace_back()));
  }
}

Result<std::optional<std::uint64_t>> resolved_number(Sqlite& database, std::string_view id) {
  WINNOW_TRY(auto select,
             database.prepare("SELECT number FROM cases WHERE id = ?1 AND state = 'resolved'"));
  WINNOW_TRY(select.bind(id));
  WINNOW_TRY(const bool found, select.next());
  std::optional<std::uint64_t> number;
  if (found) WINNOW_TRY(select.read(number));
  return number;
}

Status remove_case(Sqlite& database, std::uint64_t number, const Removal& removal) {
  WINNOW_TRY(auto select, database.prepare("SELECT id FROM case_findings WHERE case_number = ?1"));
  WINNOW_TRY(select.bind(number));
  WINNOW_TRY(const auto findings, read_digests(select));
  WINNOW_TRY(remove_decisions(database, findings, removal));
  for (const auto statement : kStatements) WINNOW_TRY(database.run(statement, number));
  return {};
}

}  // namespace

Result<std::uint64_t> remove_cases(Sqlite& database, std::span<const std::string> ids,
                                   const Removal& removal) {
  Json numbers = Json::array();
  for (const auto& id : ids) {
    WINNOW_TRY(const auto number, resolved_number(database, id));
    if (!number) continue;
    WINNOW_TRY(remove_case(database, *number, removal));
    WINNOW_TRY(database.run("INSERT OR REPLACE INTO removed_cases VALUES (?1, ?2, ?3)", id,
                            removal.at, removal.rule));
    numbers.push(*number);
  }
  // The search knows cases by number only: one walk for all of them.
  WINNOW_TRY(
      database.run("DELETE FROM case_search WHERE case_number IN (SELECT value FROM json_each(?1))",
                   to_text(numbers)));
  return std::uint64_t{numbers.size()};
}

Result<std::vector<OldCase>> CaseReader::resolved_before(Timestamp before, std::uint64_t after,
                                                         std::size_t limit) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT number, id, resolved_at FROM cases WHERE state = 'resolved' "
                               "AND resolved_at < ?1 AND number > ?2 ORDER BY number LIMIT ?3"));
  WINNOW_TRY(select.bind(before, after, limit));
  std::vector<OldCase> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    auto& one = found.emplace_back();
    WINNOW_TRY(select.read(one.number, one.id, one.resolved_at));
  }
}

Result<std::vector<Digest>> CaseReader::events_of(std::uint64_t number) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT DISTINCT event FROM case_findings WHERE case_number = ?1"));
  WINNOW_TRY(select.bind(number));
  return read_digests(select);
}

Result<std::optional<Removal>> CaseReader::removal_of(std::string_view id) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT removed_at, rule FROM removed_cases WHERE id = ?1"));
  WINNOW_TRY(select.bind(id));
  WINNOW_TRY(const bool removed, select.next());
  if (!removed) return std::optional<Removal>();
  Removal removal;
  WINNOW_TRY(select.read(removal.at, removal.rule));
  return std::optional(std::move(removal));
}

}  // namespace winnow::cases
