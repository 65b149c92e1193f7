// Changes as entries of the audit log and back.
#include <fmt/format.h>

#include "base/json_text.h"
#include "cases/case_change.h"

namespace winnow::cases {
namespace {

constexpr std::string_view kChanged = "case.changed";
constexpr std::string_view kNoted = "case.noted";
constexpr std::string_view kJudged = "case.judged";
constexpr std::string_view kCreated = "suppression.created";
constexpr std::string_view kRevoked = "suppression.revoked";

Json json_of(const SuppressionScope& scope) {
  return Json::object(
      {{"kind", name_of(scope.kind)}, {"value", scope.value}, {"escalations", scope.escalations}});
}

Result<SuppressionScope> scope_in(const Json& json) {
  SuppressionScope scope;
  WINNOW_TRY(const auto kind, json.need_string("kind"));
  WINNOW_TRY(scope.kind, scope_kind_named(kind));
  WINNOW_TRY(scope.value, json.need_string("value"));
  scope.escalations = json["escalations"].as_bool();
  return scope;
}

Json json_of(const Judgement& judgement) {
  auto json = Json::object({{"kind", name_of(judgement.kind)}, {"reason", judgement.reason}});
  if (judgement.scope) {
    json.set("scope", json_of(*judgement.scope)).set("expires", json_text(judgement.expires));
  }
  return json;
}

Result<Judgement> judgement_in(const Json& json) {
  Judgement judgement;
  WINNOW_TRY(const auto kind, json.need_string("kind"));
  WINNOW_TRY(judgement.kind, verdict_named(kind));
  WINNOW_TRY(judgement.reason, json.need_string("reason"));
  if (json.find("scope") != nullptr) {
    WINNOW_TRY(judgement.scope, scope_in(json["scope"]));
    WINNOW_TRY(judgement.expires, optional_time(json["expires"]));
  }
  return judgement;
}

void write_change(const CaseChange& change, Json& details) {
  if (change.state) details.set("state", name_of(*change.state));
  if (change.owner) details.set("owner", *change.owner ? Json(**change.owner) : Json());
  if (change.snoozed_until) details.set("snoozed_until", json_text(*change.snoozed_until));
  if (change.note) details.set("note", *change.note);
  if (change.judgement) details.set("verdict", json_of(*change.judgement));
}

Status read_change(const Json& details, CaseChange& change) {
  if (const auto* state = details.find("state")) {
    WINNOW_TRY(change.state, state_named(state->as_string()));
  }
  if (const auto* owner = details.find("owner")) {
    change.owner.emplace();
    if (owner->is_string()) *change.owner = owner->as_string();
  }
  if (const auto* until = details.find("snoozed_until")) {
    WINNOW_TRY(change.snoozed_until, optional_time(*until));
  }
  if (const auto* note = details.find("note")) change.note = note->as_string();
  if (const auto* verdict = details.find("verdict")) {
    WINNOW_TRY(change.judgement, judgement_in(*verdict));
  }
  return {};
}

std::string_view action_of(const CaseEntry& entry) {
  switch (entry.kind) {
    case CaseEntry::Kind::Suppress:
      return kCreated;
    case CaseEntry::Kind::Revoke:
      return kRevoked;
    case CaseEntry::Kind::Change:
      break;
  }
  const auto& change = entry.change;
  if (change.judgement) return kJudged;
  const bool only_note = !change.state && !change.owner && !change.snoozed_until;
  return only_note ? kNoted : kChanged;
}

}  // namespace

AuditEntry audit_entry_of(const CaseEntry& entry) {
  AuditEntry audit{.time = entry.at,
                   .actor = entry.actor,
                   .action = std::string(action_of(entry)),
                   .subject = entry.change.id,
                   .details = Json::object({{"after", entry.after}})};
  switch (entry.kind) {
    case CaseEntry::Kind::Change:
      write_change(entry.change, audit.details);
      break;
    case CaseEntry::Kind::Suppress:
      audit.subject = entry.suppression.scope.value;
      audit.details.set("scope", json_of(entry.suppression.scope))
          .set("reason", entry.suppression.reason)
          .set("expires", json_text(entry.suppression.expires));
      break;
    case CaseEntry::Kind::Revoke:
      audit.subject = entry.suppression_id;
      break;
  }
  return audit;
}

Result<std::optional<CaseEntry>> case_entry_of(std::uint64_t index, std::string_view text) {
  // Most entries of the log are no business of cases: they are not worth reading.
  const auto mentions = [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  };
  if (!mentions("\"case.") && !mentions("\"suppression.")) return std::optional<CaseEntry>();
  WINNOW_TRY(const auto audit, winnow::audit_entry_of(text));
  const bool change = audit.action == kChanged || audit.action == kNoted || audit.action == kJudged;
  if (!change && audit.action != kCreated && audit.action != kRevoked)
    return std::optional<CaseEntry>();
  CaseEntry entry{.index = index, .at = audit.time, .actor = audit.actor};
  WINNOW_TRY(const auto after, audit.details.need_int("after"));
  entry.after = static_cast<std::uint64_t>(std::max<std::int64_t>(after, 0));
  if (change) {
    entry.change.id = audit.subject;
    WINNOW_TRY(read_change(audit.details, entry.change));
  } else if (audit.action == kCreated) {
    entry.kind = CaseEntry::Kind::Suppress;
    WINNOW_TRY(entry.suppression.scope, scope_in(audit.details["scope"]));
    WINNOW_TRY(entry.suppression.reason, audit.details.need_string("reason"));
    WINNOW_TRY(entry.suppression.expires, optional_time(audit.details["expires"]));
  } else {
    entry.kind = CaseEntry::Kind::Revoke;
    entry.suppression_id = audit.subject;
  }
  return std::optional(std::move(entry));
}

}  // namespace winnow::cases
