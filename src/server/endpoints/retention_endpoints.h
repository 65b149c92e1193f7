// What goes when its time is over: when it went last, and asking for it now.
#pragma once

#include "server/call.h"

namespace winnow::server {

void tell_retention(Call& call);
void plan_retention_now(Call& call);
void apply_retention_now(Call& call);

}  // namespace winnow::server
