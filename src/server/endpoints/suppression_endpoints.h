// What nobody needs to be told of: listed, made, revoked.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_suppressions(Call& call);
void create_suppression(Call& call);
void revoke_suppression(Call& call);

}  // namespace winnow::server
