#include "tests/cases/desk.h"

#include <fmt/format.h>

#include "store/sqlite.h"

namespace winnow::testing {

Desk::Desk() {
  registry_ = Registry::open(folder_.path(), clock_, Access::ReadWrite).value();
  events_ = EventLog::open(folder_ / "events", Access::ReadWrite).value();
  decisions_ = DecisionStore::open(database(), Access::ReadWrite).value();
  reopen();
}

void Desk::reopen(const cases::CasePolicy& policy) {
  book_.reset();
  book_.emplace(cases::CaseBook::open(*registry_, *events_, database(), policy).value());
}

std::string Desk::add(const DecidedMail& mail, const std::string& raw) {
  DecisionRecord record;
  record.decision.event = sha256(raw);
  record.decision.bundle = bundle_of(mail);
  record.decision.event_time = record.decided_at = clock_.now();
  record.decision.route = mail.route;
  record.decision.probability = mail.probability;
  record.decision.reasons = {{"links", fmt::format("reason of {}", mail.from), 1.0F}};
  record.decision.techniques = mail.techniques;
  record.sender = mail.from;
  record.subject = mail.subject;
  EXPECT_OK(decisions_->add({&record, 1}));
  return "d-" + record.decision.id().hex();
}

Digest Desk::bundle_of(const DecidedMail& mail) {
  if (!mail.domain) return sha256(mail.bundle);
  Bundle bundle{std::string(name_of(*mail.domain)), {}};
  if (!mail.raw.empty()) {
    const auto file = source_folder() / "content/mappings" / (mail.mapping + ".yaml");
    const auto mapping = Mapping::compile(Yaml::read(file.string()).value()).value();
    const NewArtifact artifact{ArtifactKind::Mapping, mail.mapping, mapping.canonical(),
                               "application/json"};
    const auto added = registry_->add(artifact, "t").value();
    bundle.artifacts.push_back({ArtifactKind::Mapping, mail.mapping, added.digest});
  }
  return digest_of(registry_->add(bundle, "t").value());
}

std::string Desk::decide(const DecidedMail& mail) {
  clock_.advance(mail.after);
  std::string raw =
      fmt::format("From: {}\nTo: {}\nSubject: {}\nMessage-ID: <{}@x.example>\n\n{}\n", mail.from,
                  fmt::join(mail.to, ", "), mail.subject, ++mails_, mail.text);
  for (const auto& link : mail.links) raw += link + "\n";
  if (!mail.raw.empty()) raw = mail.raw;
  const NewEvent event{.form = mail.mapping.empty() ? RecordForm::Mail : RecordForm::LogJson,
                       .mapping = mail.mapping,
                       .raw = raw,
                       .digest = sha256(raw),
                       .event_time = clock_.now(),
                       .received_time = clock_.now(),
                       .source = "test"};
  if (mail.kept) EXPECT_OK(events_->append({&event, 1}));
  last_raw_ = raw;
  return add(mail, raw);
}

void Desk::decide_again(const DecidedMail& mail) {
  clock_.advance(mail.after);
  add(mail, last_raw_);
}

void Desk::catch_up() {
  for (;;) {
    const auto done = book_->catch_up(1000);
    ASSERT_OK(done);
    if (*done < 1000) return;
  }
}

std::string Desk::find(const DecidedMail& mail) {
  const auto id = decide(mail);
  catch_up();
  return reader().case_of(id).value();
}

cases::CaseReader Desk::reader() const { return cases::CaseReader::open(database()).value(); }

cases::Case Desk::change(cases::CaseChange change, const std::string& actor, cases::Reach reach) {
  auto outcomes = book_->change({&change, 1}, actor, reach);
  EXPECT_OK(outcomes);
  EXPECT_OK(outcomes->front().changed);
  return outcomes->front().changed.value();
}

std::optional<Code> Desk::refused(cases::CaseChange change, cases::Reach reach) {
  const auto outcomes = book_->change({&change, 1}, "ann", reach);
  EXPECT_OK(outcomes);
  return code_of(outcomes->front().changed);
}

std::string Desk::dump() {
  auto sqlite = Sqlite::open(database(), Access::ReadOnly).value();
  std::string text;
  for (const std::string_view query :
       {"SELECT json_array(id, version, state, severity, urgency, title, sender, recipients, "
        "recipient_count, findings, probability, route, reasons, owner, opened_at, updated_at, "
        "last_finding_at, due_at, phase, snoozed_until, resolved_at, verdict, suppressed_by, "
        "domains) "
        "FROM cases ORDER BY number",
        "SELECT json_array(place, id, case_number, joined_by, suppressed_by) FROM case_findings "
        "ORDER BY place",
        "SELECT json_array(kind, value, case_number, findings) FROM case_grounds ORDER BY "
        "kind, value, case_number",
        "SELECT json_array(case_number, at, actor, what, detail) FROM case_history ORDER BY "
        "case_number, at, actor, what, detail",
        "SELECT json_array(audit_entry, case_number, verdict, reason, author, at, after) FROM "
        "case_verdicts ORDER BY audit_entry",
        "SELECT json_array(audit_entry, id, kind, value, escalations, reason, author, created_at, "
        "expires_at, revoked_at, revoked_by, hits, last_hit_at) FROM case_suppressions ORDER BY "
        "audit_entry",
        "SELECT json_array(state, cases) FROM case_counts WHERE cases > 0 ORDER BY state",
        "SELECT json_array(place, audit_entries) FROM case_cursor",
        "SELECT json_array(sender, recipients, subject, reasons, note, case_number) FROM "
        "case_search ORDER BY 1"}) {
    auto select = sqlite.prepare(query).value();
    EXPECT_OK(select.bind());
    while (select.next().value()) {
      std::string row;
      EXPECT_OK(select.read(row));
      text += row + "\n";
    }
    text += "--\n";
  }
  return text;
}

}  // namespace winnow::testing
