// A finding: its decision, its case, its features, and its mail, safe to look at; the processes
// around its event, what its two addresses exchanged.
#pragma once

#include "server/call.h"

namespace winnow::server {

void get_finding(Call& call);
void get_finding_processes(Call& call);
void get_finding_conversation(Call& call);

}  // namespace winnow::server
