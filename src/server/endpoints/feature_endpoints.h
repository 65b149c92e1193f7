// What the champions decide by: their features, and the values of these over history.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_features(Call& call);
void preview_features(Call& call);

}  // namespace winnow::server
