// A decision as programs see it: of the command line and of the API, the same.
#pragma once

#include "base/json.h"
#include "pipeline/decision_store.h"

namespace winnow {

// Without the features and the states, which are large: `winnow decisions explain` has them. No
// score is null.
Json decision_json(const DecisionRecord& record);

}  // namespace winnow
