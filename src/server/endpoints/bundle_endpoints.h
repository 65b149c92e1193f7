// What could decide, and what it would take.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_bundles(Call& call);
void plan_deployment(Call& call);

}  // namespace winnow::server
