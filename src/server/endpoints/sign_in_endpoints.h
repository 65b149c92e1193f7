// The ways to sign in, and the one by an identity provider: out to it, and back.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_ways(Call& call);
void go_to_provider(Call& call);
void come_back(Call& call);

}  // namespace winnow::server
