// What came, looked through: a search of the event log, and one event whole.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_events(Call& call);
void get_event(Call& call);

}  // namespace winnow::server
