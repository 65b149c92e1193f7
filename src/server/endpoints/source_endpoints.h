// Sources: how they do, what their mappings leave unread.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_sources(Call& call);
void cover_source(Call& call);

}  // namespace winnow::server
