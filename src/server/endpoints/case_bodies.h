// What people send about cases, as what the library takes.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "cases/case_change.h"
#include "server/access/gate.h"

namespace winnow::server {

// What somebody of that role may silence.
cases::Reach reach_of(Role role);

// {"state", "owner", "snoozed_until"}; the owner "me" is `me`. Errors: InvalidArgument.
Result<cases::CaseChange> change_in(const Json& body, std::string_view me);
// {"verdict", "reason", "scope", "expires"}. Errors: InvalidArgument.
Result<cases::Judgement> judgement_in(const Json& body);
// {"kind", "value", "escalations"}. Errors: InvalidArgument.
Result<cases::SuppressionScope> scope_in(const Json& body);
// A time, or null. Errors: InvalidArgument.
Result<std::optional<Timestamp>> time_in(const Json& body, std::string_view member);

}  // namespace winnow::server
