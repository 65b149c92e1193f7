// A finding: its decision, its case, its features, and its mail, safe to look at; the processes
// around its event.
#pragma once

#include "server/call.h"

namespace winnow::server {

void get_finding(Call& call);
void get_finding_processes(Call& call);

}  // namespace winnow::server
