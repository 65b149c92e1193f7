// Which bundle decides: shown, promoted, taken back, while the service runs.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_deployments(Call& call);
void promote_bundle(Call& call);
void roll_back(Call& call);

}  // namespace winnow::server
