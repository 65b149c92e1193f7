// Mail in: checked on a loop's thread, unpacked on a reader's, decided on the scorer's. Rows of
// feature values are judged on the loop's thread: a microsecond each.
#pragma once

#include "server/call.h"

namespace winnow::server {

void score_mail(Call& call);
void score_rows(Call& call);

}  // namespace winnow::server
