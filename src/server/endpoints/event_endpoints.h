// Mail and mail logs in, to be decided later.
#pragma once

#include "server/call.h"

namespace winnow::server {

void accept_events(Call& call);

}  // namespace winnow::server
