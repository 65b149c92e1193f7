#include "server/endpoints/case_bodies.h"

#include "base/written_text.h"
#include "cases/bounded_text.h"
#include "server/json_body.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMaxScopeBytes = 320;  // of RFC 5321: the longest mailbox

}  // namespace

cases::Reach reach_of(Role role) {
  return role == Role::Senior || role == Role::Admin ? cases::Reach::Any : cases::Reach::Narrow;
}

Result<std::optional<Timestamp>> time_in(const Json& body, std::string_view member) {
  if (body[member].is_null()) return std::optional<Timestamp>();
  WINNOW_TRY(const auto text, body.need_string(member));
  WINNOW_TRY(const auto time, Timestamp::parse(text));
  return std::optional(time);
}

Result<cases::CaseChange> change_in(const Json& body, std::string_view me) {
  WINNOW_TRY(check_members(body, {"state", "owner", "snoozed_until"}));
  cases::CaseChange change;
  if (body.find("state") != nullptr) {
    WINNOW_TRY(const auto state, body.need_string("state"));
    WINNOW_TRY(change.state, cases::state_named(state));
  }
  if (const auto* owner = body.find("owner")) {
    change.owner.emplace();
    if (!owner->is_null()) {
      WINNOW_TRY(const auto text, body.need_string("owner"));
      WINNOW_TRY(auto name, cases::written_name(text, "owner"));
      *change.owner = name == "me" ? std::string(me) : std::move(name);
    }
  }
  if (body.find("snoozed_until") != nullptr) {
    WINNOW_TRY(change.snoozed_until, time_in(body, "snoozed_until"));
  }
  return change;
}

Result<cases::SuppressionScope> scope_in(const Json& body) {
  WINNOW_TRY(check_members(body, {"kind", "value", "escalations"}));
  cases::SuppressionScope scope;
  WINNOW_TRY(const auto kind, body.need_string("kind"));
  WINNOW_TRY(scope.kind, cases::scope_kind_named(kind));
  WINNOW_TRY(const auto value, body.need_string("value"));
  WINNOW_TRY(scope.value, written_text(value, kMaxScopeBytes, "scope's value"));
  if (body.find("escalations") != nullptr) {
    WINNOW_TRY(scope.escalations, body.need_bool("escalations"));
  }
  return scope;
}

Result<cases::Judgement> judgement_in(const Json& body) {
  WINNOW_TRY(check_members(body, {"verdict", "reason", "scope", "expires"}));
  cases::Judgement judgement;
  WINNOW_TRY(const auto verdict, body.need_string("verdict"));
  WINNOW_TRY(judgement.kind, cases::verdict_named(verdict));
  WINNOW_TRY(const auto reason, body.need_string("reason"));
  WINNOW_TRY(judgement.reason, written_text(reason, cases::kMaxReasonBytes, "reason"));
  if (!body["scope"].is_null()) {
    WINNOW_TRY(const auto* scope, body.need_object("scope"));
    WINNOW_TRY(judgement.scope, scope_in(*scope));
  }
  WINNOW_TRY(judgement.expires, time_in(body, "expires"));
  return judgement;
}

}  // namespace winnow::server
