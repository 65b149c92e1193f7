#include "cases/detail/projection.h"

#include <fmt/format.h>

#include "cases/bounded_text.h"

namespace winnow::cases {
namespace {

constexpr std::size_t kMaxIndexedBytes = 2000;  // of each text that is searched

// What a verdict says of the mails themselves; nothing for a benign positive: such a mail looks
// like an attack and is none, which no model should learn from.
std::string_view label_of(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::TruePositive:
      return "phish";
    case VerdictKind::FalsePositive:
      return "benign";
    case VerdictKind::BenignPositive:
      break;
  }
  return "";
}

// Whether a suppression of the case it joins is meant for it, too: a campaign's mail, and elsewhere
// the same kind of event by the same actor. Of an actor all of whose events are one case the others
// are another matter: to know its backups is to know nothing of what it does tomorrow.
bool is_more_of_its_case(const Finding& finding, const Place& place) {
  if (!place.home) return false;
  const bool by_actor_alone = place.joining.front().kind == Ground::Kind::Sender;
  return finding.domains.has(Domain::Mail) || !by_actor_alone;
}

std::string joined(std::span<const std::string> texts) {
  return bounded(fmt::format("{}", fmt::join(texts, " ")), kMaxIndexedBytes);
}

}  // namespace

Result<Projection> Projection::open(Sqlite& database, const CasePolicy& policy) {
  WINNOW_TRY(auto cases, CaseTable::open(database));
  WINNOW_TRY(auto grouping, Grouping::open(database));
  WINNOW_TRY(auto suppressions, SuppressionTable::open(database));
  WINNOW_TRY(auto entities, EntityTable::open(database));
  Projection projection(database, policy, std::move(cases), std::move(grouping),
                        std::move(suppressions), std::move(entities));
  WINNOW_TRY(
      projection.known_recipient_,
      database.prepare("SELECT 1 FROM case_recipients WHERE case_number = ?1 AND recipient = ?2"));
  WINNOW_TRY(projection.add_recipient_,
             database.prepare("INSERT OR IGNORE INTO case_recipients VALUES (?1, ?2)"));
  WINNOW_TRY(projection.add_finding_,
             database.prepare("INSERT INTO case_findings VALUES (?1,?2,?3,?4,?5,?6,?7)"));
  WINNOW_TRY(projection.index_, database.prepare("INSERT INTO case_search (sender, recipients, "
                                                 "subject, reasons, note, case_number) VALUES "
                                                 "(?1,?2,?3,?4,?5,?6)"));
  return projection;
}

Result<std::vector<std::string>> Projection::new_recipients(const Finding& finding,
                                                            std::uint64_t case_number) {
  std::vector<std::string> fresh;
  for (const auto& recipient : finding.recipients) {
    WINNOW_TRY(known_recipient_->bind(case_number, recipient));
    WINNOW_TRY(const bool known, known_recipient_->next());
    if (known) {
      WINNOW_TRY(known_recipient_->run());  // ends it
    } else {
      fresh.push_back(recipient);
    }
  }
  return fresh;
}

Status Projection::take(const Finding& finding) {
  WINNOW_TRY(auto place, grouping_.place_of(finding, cases_));
  WINNOW_TRY(
      const auto suppression,
      suppressions_.covering(finding, is_more_of_its_case(finding, place) ? place.home->id : ""));
  auto recipients = finding.recipients;
  Joining joining{&finding, place.joining, recipients, suppression};
  History history;
  if (!place.home) {
    auto fresh = opened(joining, policy_, history);
    WINNOW_TRY(cases_.insert(fresh));
    place.home = std::move(fresh);
  } else {
    WINNOW_TRY(recipients, new_recipients(finding, place.home->number));
    joining.new_recipients = recipients;
    join(*place.home, joining, policy_, history);
    WINNOW_TRY(cases_.update(*place.home));
  }
  if (!suppression.empty()) {
    WINNOW_TRY(suppressions_.count_hit(suppression, finding.record.decided_at));
  }
  WINNOW_TRY(cases_.tell(place.home->number, history));
  return keep(joining, *place.home, place);
}

Status Projection::keep(const Joining& joining, const Case& home, const Place& place) {
  const auto& finding = *joining.finding;
  const auto& decision = finding.record.decision;
  const auto recipient =
      finding.recipients.empty() ? std::string() : bounded(finding.recipients.front(), 320);
  const auto suppression =
      joining.suppression.empty() ? std::nullopt : std::optional(joining.suppression);
  WINNOW_TRY(add_finding_->bind(finding.place, decision.id(), decision.event, home.number,
                                recipient, in_words(joining.grounds, finding.domains),
                                suppression));
  WINNOW_TRY(add_finding_->run());
  for (const auto& each : joining.new_recipients) {
    WINNOW_TRY(add_recipient_->bind(home.number, each));
    WINNOW_TRY(add_recipient_->run());
  }
  WINNOW_TRY(grouping_.remember(finding, home.number, place));
  WINNOW_TRY(const auto named, entities_.add(finding, home.number));
  return index_text(joining, home, named);
}

// What a case's search has already is not put there again: most findings of a campaign bring
// nothing but another recipient. What events name stands beside recipients: who and what it is
// about.
Status Projection::index_text(const Joining& joining, const Case& home,
                              std::span<const std::string> named) {
  auto whom =
      std::vector<std::string>(joining.new_recipients.begin(), joining.new_recipients.end());
  whom.insert(whom.end(), named.begin(), named.end());
  const auto recipients = joined(whom);
  const auto& record = joining.finding->record;
  const bool opened_it = home.findings == 1;
  const bool same_mail = !opened_it && record.sender == home.sender && record.subject == home.title;
  if (same_mail && recipients.empty()) return {};
  std::vector<std::string> reasons;
  for (const auto& reason : record.decision.reasons) reasons.push_back(reason.text);
  const auto text = [&](std::string_view all) {
    return same_mail ? std::string() : bounded(all, kMaxIndexedBytes);
  };
  WINNOW_TRY(index_->bind(text(record.sender), recipients, text(record.subject),
                          text(joined(reasons)), "", home.number));
  return index_->run();
}

Status Projection::take(const CaseEntry& entry) {
  switch (entry.kind) {
    case CaseEntry::Kind::Change:
      return take_change(entry);
    case CaseEntry::Kind::Suppress:
      return suppressions_.add(entry.index, entry.suppression, entry.actor, entry.at);
    case CaseEntry::Kind::Revoke:
      return suppressions_.revoke(entry.suppression_id, entry.actor, entry.at);
  }
  return {};
}

Status Projection::take_change(const CaseEntry& entry) {
  WINNOW_TRY(auto subject, cases_.find(entry.change.id));
  if (!subject) return {};  // made from findings that are not kept any more
  History history;
  apply(*subject, entry.change, entry.actor, entry.at, policy_, history);
  WINNOW_TRY(cases_.update(*subject));
  WINNOW_TRY(cases_.tell(subject->number, history));
  if (entry.change.note) {
    WINNOW_TRY(index_->bind("", "", "", "", *entry.change.note, subject->number));
    WINNOW_TRY(index_->run());
  }
  return entry.change.judgement ? keep_verdict(entry, *subject) : Status();
}

Status Projection::keep_verdict(const CaseEntry& entry, const Case& subject) {
  const auto& judgement = *entry.change.judgement;
  WINNOW_TRY(database_->run("INSERT INTO case_verdicts VALUES (?1,?2,?3,?4,?5,?6,?7)", entry.index,
                            subject.number, name_of(judgement.kind), judgement.reason, entry.actor,
                            entry.at, entry.after));
  if (const auto label = label_of(judgement.kind); !label.empty()) {
    WINNOW_TRY(database_->run(
        "INSERT INTO case_labels (event, label, author, audit_entry) SELECT DISTINCT event, ?2, "
        "?3, ?4 FROM case_findings WHERE case_number = ?1 ORDER BY place",
        subject.number, label, entry.actor, entry.index));
  }
  if (!judgement.scope) return {};
  return suppressions_.add(entry.index, {*judgement.scope, judgement.reason, judgement.expires},
                           entry.actor, entry.at);
}

Result<std::size_t> Projection::pass_time(Timestamp now, std::size_t most) {
  for (std::size_t done = 0; done < most; ++done) {
    WINNOW_TRY(auto subject, cases_.due(now));
    if (!subject) return done;
    History history;
    cases::pass_time(*subject, now, policy_, history);
    WINNOW_TRY(cases_.update(*subject));
    WINNOW_TRY(cases_.tell(subject->number, history));
  }
  return most;
}

Status Projection::assess_all(Timestamp now) {
  WINNOW_TRY(auto open, database_->prepare(
                            "SELECT number FROM cases WHERE state <> 'resolved' ORDER BY number"));
  WINNOW_TRY(open.bind());
  std::vector<std::uint64_t> numbers;
  for (;;) {
    WINNOW_TRY(const bool more, open.next());
    if (!more) break;
    WINNOW_TRY(open.read(numbers.emplace_back()));
  }
  for (const auto number : numbers) {
    WINNOW_TRY(auto subject, cases_.find(number));
    if (!subject) continue;
    policy_.assess(*subject, now);
    WINNOW_TRY(cases_.update(*subject));
  }
  return {};
}

}  // namespace winnow::cases
