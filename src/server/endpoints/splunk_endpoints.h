// What stands in for Splunk's HTTP Event Collector, so that what already ships there ships here:
// https://docs.splunk.com/Documentation/Splunk/latest/RESTREF/RESTinput
#pragma once

#include "server/call.h"
#include "server/dialect.h"

namespace winnow::server {

extern const Dialect kSplunkDialect;

void receive_splunk_events(Call& call);
void receive_splunk_raw(Call& call);
void tell_splunk_acks(Call& call);
void tell_splunk_health(Call& call);

}  // namespace winnow::server
