// Tokens while the service runs: made and revoked at once.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_tokens(Call& call);
void create_token(Call& call);
void revoke_token(Call& call);

}  // namespace winnow::server
