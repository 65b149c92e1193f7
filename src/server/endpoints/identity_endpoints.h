// Who was where when.
#pragma once

#include "server/call.h"

namespace winnow::server {

void get_identities(Call& call);
void get_finding_identities(Call& call);

}  // namespace winnow::server
