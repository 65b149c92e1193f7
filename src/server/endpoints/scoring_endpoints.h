// Mails, and records of other logs, in: checked on a loop's thread, unpacked on a reader's, decided
// on the scorer's. Rows of feature values are judged on the loop's thread: a microsecond each.
#pragma once

#include "server/call.h"

namespace winnow::server {

inline constexpr std::size_t kMaxScoredBytes = 1UL << 20;  // of a record that is no mail

void score_mail(Call& call);
void score_event(Call& call);
void score_rows(Call& call);

}  // namespace winnow::server
