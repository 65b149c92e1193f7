#include "cases/case_reader.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "cases/bounded_text.h"
#include "cases/detail/case_table.h"
#include "cases/detail/entity_table.h"
#include "cases/detail/schema.h"
#include "cases/detail/suppression_table.h"
#include "cases/ground.h"

namespace winnow::cases {
namespace {

constexpr std::size_t kGroundsLookedAt = 32;

// Reads rows of (kind, value), strongest first.
Result<std::vector<Ground>> read_grounds(SqliteStatement& select) {
  std::vector<Ground> grounds;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) break;
    std::string kind, value;
    WINNOW_TRY(select.read(kind, value));
    WINNOW_TRY(const auto known, ground_kind_named(kind));
    grounds.push_back({known, std::move(value)});
  }
  std::ranges::stable_sort(grounds, {}, &Ground::kind);
  return grounds;
}

Result<ListedFinding> read_finding(SqliteStatement& row) {
  ListedFinding finding;
  std::string id, route;
  WINNOW_TRY(row.read(id, finding.sender, finding.subject, finding.recipient, finding.probability,
                      route, finding.event_time, finding.decided_at, finding.joined_by,
                      finding.suppressed_by));
  finding.id = "d-" + id;
  WINNOW_TRY(finding.route, route_named(route));
  return finding;
}

}  // namespace

Result<CaseReader> CaseReader::open(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadOnly));
  {
    WINNOW_TRY(auto table, sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = 'cases'"));
    WINNOW_TRY(table.bind());
    WINNOW_TRY(const bool exists, table.next());
    if (!exists)
      return Error(Code::NotFound, "there are no cases yet").with_hint("winnow serve makes them");
  }
  WINNOW_TRY(sqlite.migrate("cases", schema()));  // only checks that it can be read
  return CaseReader(std::move(sqlite));
}

Result<CaseMark> CaseReader::latest() {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT (SELECT coalesce(max(place), 0) FROM case_findings), "
                               "(SELECT coalesce(max(line), 0) FROM case_history)"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(select.next());
  CaseMark mark;
  WINNOW_TRY(select.read(mark.place, mark.line));
  return mark;
}

Result<std::uint64_t> CaseReader::behind() {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT max(0, (SELECT coalesce(max(place), 0) FROM decisions) - "
                               "coalesce((SELECT place FROM case_cursor), 0))"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(select.next());
  std::uint64_t count = 0;
  WINNOW_TRY(select.read(count));
  return count;
}

Result<std::vector<ChangedCase>> CaseReader::changed(const CaseMark& since, const CaseMark& until) {
  WINNOW_TRY(auto select,
             database_.prepare(
                 "SELECT id, version FROM cases WHERE number IN ("
                 "SELECT case_number FROM case_findings WHERE place > ?1 AND place <= ?2 UNION "
                 "SELECT case_number FROM case_history WHERE line > ?3 AND line <= ?4) LIMIT ?5"));
  WINNOW_TRY(
      select.bind(since.place, until.place, since.line, until.line, std::uint64_t{kShownChanges}));
  std::vector<ChangedCase> changed;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return changed;
    ChangedCase one;
    WINNOW_TRY(select.read(one.id, one.version));
    changed.push_back(std::move(one));
  }
}

Result<std::vector<FindingKind>> CaseReader::kinds_of(std::uint64_t number) {
  WINNOW_TRY(auto select,
             database_.prepare(
                 "SELECT subject, count(*), max(probability), min(event_time), "
                 "max(event_time) FROM case_findings JOIN decisions USING (place) WHERE "
                 "case_number = ?1 GROUP BY subject ORDER BY 2, 3 DESC, max(place) DESC LIMIT ?2"));
  WINNOW_TRY(select.bind(number, kShownKinds));
  std::vector<FindingKind> kinds;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return kinds;
    auto& kind = kinds.emplace_back();
    WINNOW_TRY(
        select.read(kind.subject, kind.findings, kind.probability, kind.first_at, kind.last_at));
  }
}

// In the order of kinds_of(): first which findings, then all that is shown of those.
Result<std::vector<ListedFinding>> CaseReader::findings_of(std::uint64_t number,
                                                           std::uint64_t offset,
                                                           std::uint64_t limit) {
  WINNOW_TRY(
      auto select,
      database_.prepare(
          "SELECT decisions.id, sender, subject, recipient, probability, route, event_time, "
          "decided_at, joined_by, suppressed_by FROM (SELECT place, count(*) OVER kind AS alike, "
          "max(probability) OVER kind AS likely, max(place) OVER kind AS newest FROM case_findings "
          "JOIN decisions USING (place) WHERE case_number = ?1 WINDOW kind AS (PARTITION BY "
          "subject) ORDER BY alike, likely DESC, newest DESC, place DESC LIMIT ?2 OFFSET ?3) JOIN "
          "case_findings USING (place) JOIN decisions USING (place) ORDER BY alike, likely DESC, "
          "newest DESC, place DESC"));
  WINNOW_TRY(select.bind(number, limit, offset));
  std::vector<ListedFinding> findings;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return findings;
    WINNOW_TRY(findings.emplace_back(), read_finding(select));
  }
}

// What people and the clock did, and the findings that joined, which are not told twice in SQL.
Result<std::vector<CaseEvent>> CaseReader::history_of(std::uint64_t number) {
  WINNOW_TRY(
      auto select,
      database_.prepare(
          "SELECT at, actor, what, detail FROM (SELECT * FROM (SELECT at, actor, what, detail, "
          "line "
          "AS rank FROM case_history WHERE case_number = ?1 ORDER BY line DESC LIMIT ?2) UNION ALL "
          "SELECT * FROM (SELECT decided_at, 'winnow', 'joined', 'd-' || substr(decisions.id, 1, "
          "12) || ': ' || joined_by, 0 FROM case_findings JOIN decisions USING (place) WHERE "
          "case_number = ?1 AND joined_by <> '' ORDER BY decided_at DESC, place DESC LIMIT ?3)) "
          "ORDER BY at DESC, rank DESC"));
  WINNOW_TRY(select.bind(number, kShownHistory - kShownJoins, kShownJoins));
  std::vector<CaseEvent> history;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return history;
    auto& event = history.emplace_back();
    WINNOW_TRY(select.read(event.at, event.actor, event.what, event.detail));
  }
}

Result<std::vector<SimilarCase>> CaseReader::similar_to(const Case& to) {
  WINNOW_TRY(auto own, database_.prepare(
                           "SELECT kind, value FROM case_grounds WHERE case_number = ?1 LIMIT ?2"));
  WINNOW_TRY(own.bind(to.number, kGroundsLookedAt));
  WINNOW_TRY(const auto grounds, read_grounds(own));
  // What is nearly this text stands there under that text's value, and the other way round.
  WINNOW_TRY(
      auto others,
      database_.prepare("SELECT case_number FROM case_grounds WHERE kind IN (?1, ?2) AND "
                        "value = ?3 AND case_number <> ?4 ORDER BY case_number DESC LIMIT ?5"));
  WINNOW_TRY(auto one, database_.prepare(
                           fmt::format("SELECT {} FROM cases WHERE number = ?1", kCaseColumns)));
  std::vector<SimilarCase> similar;
  std::set<std::uint64_t> seen;
  for (const auto& ground : grounds) {
    const bool text = ground.kind == Ground::Kind::Text || ground.kind == Ground::Kind::NearText;
    const auto kind = text ? name_of(Ground::Kind::Text) : name_of(ground.kind);
    const auto twin = text ? name_of(Ground::Kind::NearText) : kind;
    WINNOW_TRY(others.bind(kind, twin, ground.value, to.number, kShownSimilar));
    for (;;) {
      WINNOW_TRY(const bool more, others.next());
      if (!more) break;
      std::uint64_t other = 0;
      WINNOW_TRY(others.read(other));
      if (similar.size() == kShownSimilar || !seen.insert(other).second) continue;
      WINNOW_TRY(one.bind(other));
      WINNOW_TRY(const bool found, one.next());
      if (!found) continue;
      WINNOW_TRY(auto subject, read_case(one));
      similar.push_back({std::move(subject), in_words({&ground, 1}, to.domains)});
    }
  }
  WINNOW_TRY(const auto sharing, cases_that_share(database_, to.number, kShownSimilar));
  for (const auto& [number, why] : sharing) {
    if (similar.size() == kShownSimilar || !seen.insert(number).second) continue;
    WINNOW_TRY(one.bind(number));
    WINNOW_TRY(const bool found, one.next());
    if (!found) continue;
    WINNOW_TRY(auto subject, read_case(one));
    similar.push_back({std::move(subject), why});
  }
  return similar;
}

Result<Case> CaseReader::find(std::string_view id) {
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM cases WHERE id = ?1", kCaseColumns)));
  WINNOW_TRY(select.bind(id));
  WINNOW_TRY(const bool found, select.next());
  if (found) return read_case(select);
  WINNOW_TRY(const auto removal, removal_of(id));
  const auto what = removal ? fmt::format("was {}", removal->text()) : "is not there";
  return Error(Code::NotFound, fmt::format("case '{}' {}", bounded(id, 40), what));
}

Result<CaseDetail> CaseReader::get(std::string_view id) {
  CaseDetail detail;
  WINNOW_TRY(detail.subject, find(id));
  const auto number = detail.subject.number;
  WINNOW_TRY(detail.kinds, kinds_of(number));
  WINNOW_TRY(detail.findings, findings_of(number, 0, kShownFindings));
  WINNOW_TRY(detail.history, history_of(number));
  WINNOW_TRY(detail.similar, similar_to(detail.subject));
  return detail;
}

Result<std::vector<ListedFinding>> CaseReader::findings(std::string_view id, std::uint64_t offset,
                                                        std::uint64_t limit) {
  WINNOW_TRY(const auto subject, find(id));
  return findings_of(subject.number, offset, limit);
}

Result<std::string> CaseReader::case_of(std::string_view finding_id) {
  if (finding_id.starts_with("d-")) finding_id.remove_prefix(2);
  WINNOW_TRY(auto select,
             database_.prepare("SELECT cases.id FROM case_findings JOIN cases ON cases.number = "
                               "case_number WHERE case_findings.id = ?1"));
  WINNOW_TRY(select.bind(finding_id));
  WINNOW_TRY(const bool found, select.next());
  std::string id;
  if (found) WINNOW_TRY(select.read(id));
  return id;
}

Result<std::vector<std::string>> CaseReader::cases_of(const Digest& event) {
  WINNOW_TRY(auto select,
             database_.prepare("SELECT DISTINCT cases.id FROM case_findings JOIN cases ON "
                               "cases.number = case_number WHERE case_findings.event = ?1"));
  WINNOW_TRY(select.bind(event));
  std::vector<std::string> ids;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return ids;
    WINNOW_TRY(select.read(ids.emplace_back()));
  }
}

Result<bool> CaseReader::is_about(std::string_view id, std::string_view mailbox) {
  WINNOW_TRY(auto select,
             database_.prepare(
                 "SELECT 1 FROM cases WHERE id = ?1 AND (EXISTS (SELECT 1 FROM case_grounds WHERE "
                 "kind = ?3 AND value = ?2 AND case_number = number) OR EXISTS (SELECT 1 FROM "
                 "case_recipients WHERE case_number = number AND recipient = ?2))"));
  WINNOW_TRY(select.bind(id, mailbox, name_of(Ground::Kind::Sender)));
  return select.next();
}

Result<bool> CaseReader::is_open(const Digest& event) {
  WINNOW_TRY(auto select, database_.prepare(
                              "SELECT 1 FROM case_findings JOIN cases ON cases.number = case_number"
                              " WHERE case_findings.event = ?1 AND cases.state <> 'resolved'"));
  WINNOW_TRY(select.bind(event));
  return select.next();
}

Result<std::vector<Suppression>> CaseReader::suppressions() {
  WINNOW_TRY(auto select, database_.prepare(fmt::format(
                              "SELECT {} FROM case_suppressions ORDER BY audit_entry DESC LIMIT ?1",
                              kSuppressionColumns)));
  WINNOW_TRY(select.bind(kMaxSuppressions));
  std::vector<Suppression> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    WINNOW_TRY(found.emplace_back(), read_suppression(select));
  }
}

Result<std::uint64_t> CaseReader::verify() {
  WINNOW_TRY(
      auto select,
      database_.prepare(
          "SELECT (SELECT count(*) FROM decisions WHERE route <> 'close' AND place <= (SELECT "
          "place "
          "FROM case_cursor)), (SELECT count(*) FROM case_findings JOIN decisions USING (place, "
          "id) "
          "JOIN cases ON number = case_number), (SELECT coalesce(sum(findings), 0) FROM cases), "
          "(SELECT coalesce(sum(cases), 0) FROM case_counts), (SELECT count(*) FROM cases)"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(select.next());
  std::uint64_t decided = 0, placed = 0, counted = 0, by_state = 0, all = 0;
  WINNOW_TRY(select.read(decided, placed, counted, by_state, all));
  if (decided == placed && placed == counted && by_state == all) return placed;
  return Error(Code::Corrupt,
               fmt::format("of {} findings {} are in a case, cases count {}; {} cases, by state {}",
                           decided, placed, counted, all, by_state));
}

}  // namespace winnow::cases
