// Records that could not be used, tried again.
#pragma once

#include "server/call.h"

namespace winnow::server {

void retry_quarantined(Call& call);

}  // namespace winnow::server
