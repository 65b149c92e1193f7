// What hosts, users and networks are worth.
#pragma once

#include "server/call.h"

namespace winnow::server {

void get_assets(Call& call);
void put_assets(Call& call);

}  // namespace winnow::server
