#include "cases/detail/case_life.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cases/bounded_text.h"

namespace winnow::cases {
namespace {

constexpr std::size_t kMaxTitleBytes = 300, kMaxSenderBytes = 320, kMaxReasonShownBytes = 300;
constexpr std::size_t kMaxTechniques = 10;
constexpr std::size_t kNoteShownBytes = kMaxNoteBytes;

// Adds what the finding says to what the case says.
void take_in(Case& subject, const Joining& joining) {
  const auto& record = joining.finding->record;
  const auto& decision = record.decision;
  ++subject.findings;
  subject.domains.add(joining.finding->domains);
  subject.last_finding_at = std::max(subject.last_finding_at, record.decided_at);
  subject.route = std::max(subject.route, decision.route);
  subject.recipient_count += joining.new_recipients.size();
  for (const auto& recipient : joining.new_recipients) {
    if (subject.recipients.size() < kShownRecipients) subject.recipients.push_back(recipient);
  }
  const bool scored = !std::isnan(decision.probability);
  const bool strongest = subject.reasons.empty() ||
                         (scored && decision.probability > subject.probability.value_or(-1));
  if (scored) subject.probability = std::max(subject.probability.value_or(0), decision.probability);
  if (strongest) {
    subject.reasons.clear();
    for (const auto& reason : decision.reasons) {
      if (subject.reasons.size() < kShownReasons && reason.weight >= 0)
        subject.reasons.push_back(bounded(reason.text, kMaxReasonShownBytes));
    }
  }
  for (const auto& entity : joining.finding->entities)
    subject.criticality = std::max(subject.criticality, entity.criticality);
  keep_entities(subject.entities, joining.finding->entities);
  for (const auto& technique : decision.techniques) {
    const bool known = std::ranges::find(subject.techniques, technique) != subject.techniques.end();
    if (!known && subject.techniques.size() < kMaxTechniques)
      subject.techniques.push_back(bounded(technique, 40));
  }
}

void touch(Case& subject, Timestamp at) {
  ++subject.version;
  subject.updated_at = std::max(subject.updated_at, at);
}

CaseState awake(const Case& subject) {
  return subject.acknowledged_at && subject.owner ? CaseState::InProgress : CaseState::New;
}

void reopen(Case& subject, Timestamp at) {
  subject.state = CaseState::New;
  subject.clock_from = at;
  subject.acknowledged_at.reset();
  subject.resolved_at.reset();
  subject.verdict.reset();
  subject.suppressed_by.reset();
}

void wake(Case& subject, Timestamp at, std::string_view actor, std::string_view why,
          History& history) {
  subject.snoozed_until.reset();
  subject.state = awake(subject);
  history.push_back({at, std::string(actor), "snoozed", fmt::format("awake again: {}", why)});
}

void acknowledge(Case& subject, Timestamp at) {
  if (!subject.acknowledged_at) subject.acknowledged_at = at;
}

void set_owner(Case& subject, const std::optional<std::string>& owner, std::string_view actor,
               Timestamp at, History& history) {
  if (subject.owner == owner) return;
  const auto detail = owner           ? fmt::format("given to {}", *owner)
                      : subject.owner ? fmt::format("no longer {}'s", *subject.owner)
                                      : std::string("given to nobody");
  subject.owner = owner;
  history.push_back({at, std::string(actor), "owner", detail});
}

void set_state(Case& subject, CaseState state, std::string_view actor, Timestamp at,
               History& history) {
  if (subject.state == state) return;
  const bool was_open = subject.is_open();
  subject.snoozed_until.reset();
  if (state == CaseState::Resolved) {
    subject.resolved_at = at;
  } else if (!was_open) {
    reopen(subject, at);
  }
  subject.state = state;
  if (state != CaseState::New) acknowledge(subject, at);
  if (was_open || state == CaseState::Resolved) {
    history.push_back({at, std::string(actor), "state", fmt::format("{}", name_of(state))});
  } else {
    history.push_back({at, std::string(actor), "reopened", "by hand"});
  }
}

void snooze(Case& subject, const std::optional<Timestamp>& until, std::string_view actor,
            Timestamp at, History& history) {
  acknowledge(subject, at);
  if (!until) {
    if (subject.state == CaseState::Snoozed) wake(subject, at, actor, "by hand", history);
    return;
  }
  subject.state = CaseState::Snoozed;
  subject.snoozed_until = until;
  history.push_back({at, std::string(actor), "snoozed", fmt::format("until {}", until->text())});
}

std::string_view words_of(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::TruePositive:
      return "true positive";
    case VerdictKind::BenignPositive:
      return "benign positive";
    case VerdictKind::FalsePositive:
      return "false positive";
  }
  return "";
}

}  // namespace

Case opened(const Joining& joining, const CasePolicy& policy, History& history) {
  const auto& record = joining.finding->record;
  const auto at = record.decided_at;
  Case subject;
  subject.id = "c-" + record.decision.id().hex().substr(0, 24);
  subject.title = bounded(record.subject, kMaxTitleBytes);
  subject.sender = bounded(record.sender, kMaxSenderBytes);
  subject.opened_at = subject.updated_at = subject.last_finding_at = subject.clock_from = at;
  take_in(subject, joining);
  history.push_back(
      {at, std::string(kNobody), "opened", fmt::format("by {}", record.decision.id_text())});
  if (!joining.suppression.empty()) {
    subject.state = CaseState::Resolved;
    subject.resolved_at = at;
    subject.suppressed_by = joining.suppression;
    history.push_back({at, std::string(kNobody), "state",
                       fmt::format("resolved: suppression {} covers it", joining.suppression)});
  }
  policy.assess(subject, at);
  return subject;
}

void join(Case& subject, const Joining& joining, const CasePolicy& policy, History& history) {
  const auto& record = joining.finding->record;
  const auto at = record.decided_at;
  pass_time(subject, at, policy, history);
  const auto before = subject.severity;
  const bool judged_mail =
      !joining.grounds.empty() && joining.grounds.front().kind == Ground::Kind::Mail;
  take_in(subject, joining);
  keep_telling(subject.grounds, joining.grounds);
  touch(subject, at);
  if (!subject.is_open() && joining.suppression.empty() && !judged_mail) {
    const auto was = subject.verdict ? words_of(*subject.verdict) : std::string_view("resolved");
    history.push_back({at, std::string(kNobody), "reopened",
                       fmt::format("{} joined it ({}); it was {}", record.decision.id_text(),
                                   in_words(joining.grounds, joining.finding->domains), was)});
    reopen(subject, at);
  }
  policy.assess(subject, at);
  if (subject.severity > before && subject.state == CaseState::Snoozed) {
    wake(subject, at, kNobody, fmt::format("it is {} by now", name_of(subject.severity)), history);
    policy.assess(subject, at);
  }
}

void apply(Case& subject, const CaseChange& change, std::string_view actor, Timestamp at,
           const CasePolicy& policy, History& history) {
  pass_time(subject, at, policy, history);
  touch(subject, at);
  if (change.owner) set_owner(subject, *change.owner, actor, at, history);
  if (change.snoozed_until) snooze(subject, *change.snoozed_until, actor, at, history);
  if (change.state) {
    // Who begins to work on what is nobody's takes it.
    if (*change.state == CaseState::InProgress && !subject.owner && !change.owner)
      set_owner(subject, std::string(actor), actor, at, history);
    set_state(subject, *change.state, actor, at, history);
  }
  if (change.judgement) {
    const auto& judgement = *change.judgement;
    set_state(subject, CaseState::Resolved, actor, at, history);
    subject.suppressed_by.reset();
    subject.verdict = judgement.kind;
    history.push_back({at, std::string(actor), "verdict",
                       fmt::format("{}: {}", words_of(judgement.kind), judgement.reason)});
  }
  if (change.note)
    history.push_back({at, std::string(actor), "note", bounded(*change.note, kNoteShownBytes)});
  policy.assess(subject, at);
}

std::optional<Timestamp> next_moment(const Case& subject) {
  if (!subject.is_open()) return std::nullopt;
  if (subject.snoozed_until && subject.next_phase_at)
    return std::min(*subject.snoozed_until, *subject.next_phase_at);
  return subject.snoozed_until ? subject.snoozed_until : subject.next_phase_at;
}

void pass_time(Case& subject, Timestamp now, const CasePolicy& policy, History& history) {
  for (;;) {
    const auto moment = next_moment(subject);
    if (!moment || *moment > now) return;
    if (subject.snoozed_until == moment) {
      touch(subject, *moment);
      wake(subject, *moment, kNobody, "its time has come", history);
    }
    policy.assess(subject, *moment);
  }
}

}  // namespace winnow::cases
