// A finding: its decision, its case, its features, and its mail, safe to look at.
#pragma once

#include "server/call.h"

namespace winnow::server {

void get_finding(Call& call);

}  // namespace winnow::server
