// Records that could not be used: why, what they look like, tried again.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_quarantined(Call& call);
void list_quarantine_reasons(Call& call);
void retry_quarantined(Call& call);

}  // namespace winnow::server
