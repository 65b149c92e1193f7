// What was executed: trainings, evaluations, imports, with all that explains them.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_runs(Call& call);
void get_run(Call& call);
void compare_runs(Call& call);

}  // namespace winnow::server
