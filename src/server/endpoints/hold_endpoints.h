// What is kept whatever its age: listed, placed, released.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_holds(Call& call);
void place_hold(Call& call);
void release_hold(Call& call);

}  // namespace winnow::server
