// How the server is: for probes, Prometheus, and programs that want to know the API.
#pragma once

#include "server/call.h"

namespace winnow::server {

void tell_health(Call& call);
void tell_readiness(Call& call);
void read_metrics(Call& call);
void describe_api(Call& call);

}  // namespace winnow::server
