// Mail in: checked on a loop's thread, unpacked on a reader's, decided on the scorer's.
#pragma once

#include "server/call.h"

namespace winnow::server {

void score_mail(Call& call);

}  // namespace winnow::server
