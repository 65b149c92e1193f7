// What was decided: checked on a loop's thread, read on a reader's.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_decisions(Call& call);
void get_decision(Call& call);

}  // namespace winnow::server
