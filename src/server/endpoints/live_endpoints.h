// What happens now: told as it happens, and summed up.
#pragma once

#include "server/call.h"

namespace winnow::server {

void watch(Call& call);
void tell_status(Call& call);

}  // namespace winnow::server
