// A decision as programs see it: of the command line and of the API, the same.
#pragma once

#include "base/json.h"
#include "pipeline/decision_store.h"
#include "pipeline/mail_content.h"

namespace winnow {

// Without the features and the states, which are large: `winnow decisions explain` has them. No
// score is null. Redacted, its reasons do not quote the mail.
Json decision_json(const DecisionRecord& record, MailContent content);

}  // namespace winnow
