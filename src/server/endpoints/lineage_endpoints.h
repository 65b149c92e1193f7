// Where something comes from, back to data and code.
#pragma once

#include "server/call.h"

namespace winnow::server {

void get_lineage(Call& call);

}  // namespace winnow::server
