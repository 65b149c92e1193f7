// How severe cases are and how soon they are due, as the workspace says.
#pragma once

#include "cases/case_policy.h"
#include "registry/workspace.h"

namespace winnow::cli {

// content/policies/cases.yaml; a workspace from before it has none, and gets what ships.
// Errors: InvalidArgument, with file and line; Denied, Unavailable.
Result<cases::CasePolicy> case_policy_of(const Workspace& workspace);

}  // namespace winnow::cli
