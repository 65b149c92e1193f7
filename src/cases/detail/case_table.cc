#include "cases/detail/case_table.h"

#include <fmt/format.h>

namespace winnow::cases {

const std::string_view kCaseColumns =
    "cases.number, cases.id, cases.version, cases.state, cases.severity, cases.urgency, "
    "cases.title, cases.sender, cases.recipients, cases.recipient_count, cases.findings, "
    "cases.probability, cases.route, cases.reasons, cases.techniques, cases.owner, "
    "cases.opened_at, cases.updated_at, cases.last_finding_at, cases.clock_from, "
    "cases.acknowledged_at, cases.due_at, cases.phase, cases.next_phase_at, cases.snoozed_until, "
    "cases.resolved_at, cases.verdict, cases.suppressed_by, cases.grounds, cases.domains, "
    "cases.entities, cases.criticality, cases.severity_because";

Json json_of(std::span<const std::string> texts) {
  Json json = Json::array();
  for (const auto& text : texts) json.push(text);
  return json;
}

Result<std::vector<std::string>> texts_of(std::string_view json) {
  const auto parsed = parse_json(json);
  if (!parsed) return Error(Code::Corrupt, "a case's list of texts is no JSON");
  std::vector<std::string> texts;
  for (const auto& item : parsed->items()) texts.push_back(item.as_string());
  return texts;
}

namespace {

Json json_of(const std::vector<Ground>& grounds) {
  Json json = Json::array();
  for (const auto& ground : grounds)
    json.push(Json::object({{"kind", name_of(ground.kind)}, {"value", ground.value}}));
  return json;
}

Result<std::vector<Ground>> grounds_in(std::string_view text) {
  const auto parsed = parse_json(text);
  if (!parsed) return Error(Code::Corrupt, "a case's grounds are no JSON");
  std::vector<Ground> grounds;
  for (const auto& item : parsed->items()) {
    WINNOW_TRY(const auto kind, ground_kind_named(item["kind"].as_string()));
    grounds.push_back({kind, item["value"].as_string()});
  }
  return grounds;
}

}  // namespace

Result<Case> read_case(SqliteStatement& row) {
  Case subject;
  std::string state, recipients, route, reasons, techniques, grounds, entities;
  std::optional<std::string> verdict;
  int severity = 0, phase = 0, criticality = 0;
  std::uint64_t urgency = 0, domains = 0;
  WINNOW_TRY(row.read(
      subject.number, subject.id, subject.version, state, severity, urgency, subject.title,
      subject.sender, recipients, subject.recipient_count, subject.findings, subject.probability,
      route, reasons, techniques, subject.owner, subject.opened_at, subject.updated_at,
      subject.last_finding_at, subject.clock_from, subject.acknowledged_at, subject.due_at, phase,
      subject.next_phase_at, subject.snoozed_until, subject.resolved_at, verdict,
      subject.suppressed_by, grounds, domains, entities, criticality, subject.severity_because));
  WINNOW_TRY(subject.state, state_named(state));
  subject.severity = static_cast<Severity>(severity & 3);
  subject.domains = DomainSet::of_bits(domains);
  subject.phase = static_cast<std::uint8_t>(phase);
  subject.urgency = static_cast<std::uint32_t>(urgency);
  WINNOW_TRY(subject.route, route_named(route));
  WINNOW_TRY(subject.recipients, texts_of(recipients));
  WINNOW_TRY(subject.reasons, texts_of(reasons));
  WINNOW_TRY(subject.techniques, texts_of(techniques));
  WINNOW_TRY(subject.grounds, grounds_in(grounds));
  WINNOW_TRY(subject.entities, entities_in(entities));
  subject.criticality = static_cast<std::uint8_t>(criticality);
  if (verdict) {
    WINNOW_TRY(subject.verdict, verdict_named(*verdict));
  }
  return subject;
}

Result<CaseTable> CaseTable::open(Sqlite& database) {
  CaseTable table;
  const auto select = [&](std::string_view rest) {
    return database.prepare(fmt::format("SELECT {} FROM cases WHERE {}", kCaseColumns, rest));
  };
  WINNOW_TRY(table.by_number_, select("number = ?1"));
  WINNOW_TRY(table.by_id_, select("id = ?1"));
  WINNOW_TRY(table.due_, select("next_moment <= ?1 ORDER BY next_moment, number LIMIT 1"));
  WINNOW_TRY(table.last_, database.prepare("SELECT max(number) FROM cases"));
  WINNOW_TRY(table.insert_,
             database.prepare("INSERT INTO cases VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,"
                              "?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26,?27,?28,"
                              "?29,?30,?31,?32,?33,?34)"));
  WINNOW_TRY(
      table.update_,
      database.prepare(
          "UPDATE cases SET version=?3, state=?4, severity=?5, urgency=?6, title=?7, sender=?8, "
          "recipients=?9, recipient_count=?10, findings=?11, probability=?12, route=?13, "
          "reasons=?14, techniques=?15, owner=?16, opened_at=?17, updated_at=?18, "
          "last_finding_at=?19, clock_from=?20, acknowledged_at=?21, due_at=?22, phase=?23, "
          "next_phase_at=?24, snoozed_until=?25, resolved_at=?26, verdict=?27, suppressed_by=?28, "
          "grounds=?29, next_moment=?30, domains=?31, entities=?32, criticality=?33, "
          "severity_because=?34 WHERE number=?1 AND id=?2"));
  WINNOW_TRY(table.tell_,
             database.prepare("INSERT INTO case_history (case_number, at, actor, what, detail) "
                              "VALUES (?1,?2,?3,?4,?5)"));
  return table;
}

namespace {

Result<std::optional<Case>> one_of(SqliteStatement& select) {
  WINNOW_TRY(const bool found, select.next());
  if (!found) return std::optional<Case>();
  WINNOW_TRY(auto subject, read_case(select));
  WINNOW_TRY(select.run());
  return std::optional(std::move(subject));
}

}  // namespace

Result<std::optional<Case>> CaseTable::find(std::uint64_t number) {
  WINNOW_TRY(by_number_->bind(number));
  return one_of(*by_number_);
}

Result<std::optional<Case>> CaseTable::find(std::string_view id) {
  WINNOW_TRY(by_id_->bind(id));
  return one_of(*by_id_);
}

Result<std::optional<Case>> CaseTable::due(Timestamp now) {
  WINNOW_TRY(due_->bind(now));
  return one_of(*due_);
}

Status CaseTable::insert(Case& subject) {
  WINNOW_TRY(last_->bind());
  WINNOW_TRY(last_->next());
  std::optional<std::uint64_t> last;
  WINNOW_TRY(last_->read(last));
  WINNOW_TRY(last_->run());
  subject.number = last.value_or(0) + 1;
  return write(*insert_, subject);
}

Status CaseTable::update(const Case& subject) { return write(*update_, subject); }

Status CaseTable::write(SqliteStatement& statement, const Case& subject) {
  const auto verdict =
      subject.verdict ? std::optional<std::string>(name_of(*subject.verdict)) : std::nullopt;
  WINNOW_TRY(statement.bind(
      subject.number, subject.id, subject.version, name_of(subject.state),
      static_cast<int>(subject.severity), subject.urgency, subject.title, subject.sender,
      to_text(json_of(subject.recipients)), subject.recipient_count, subject.findings,
      subject.probability, name_of(subject.route), to_text(json_of(subject.reasons)),
      to_text(json_of(subject.techniques)), subject.owner, subject.opened_at, subject.updated_at,
      subject.last_finding_at, subject.clock_from, subject.acknowledged_at, subject.due_at,
      static_cast<int>(subject.phase), subject.next_phase_at, subject.snoozed_until,
      subject.resolved_at, verdict, subject.suppressed_by, to_text(json_of(subject.grounds)),
      next_moment(subject), subject.domains.bits(), to_text(entities_json(subject.entities)),
      static_cast<int>(subject.criticality), subject.severity_because));
  return statement.run();
}

Status CaseTable::tell(std::uint64_t number, const History& lines) {
  for (const auto& line : lines) {
    WINNOW_TRY(tell_->bind(number, line.at, line.actor, line.what, line.detail));
    WINNOW_TRY(tell_->run());
  }
  return {};
}

}  // namespace winnow::cases
