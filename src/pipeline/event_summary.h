// What a queue shows of an event before anybody opens it.
#pragma once

#include <string>

#include "ocsf/event.h"

namespace winnow {

struct EventSummary {
  std::string actor;    // who did it: of a mail its sender, else a user, a host or an address
  std::string subject;  // of a mail its own, else what happened: "dns: example.com", as sent
};

// Cost: a few look-ups. Texts of the event are hostile and as long as they were.
EventSummary summary_of(const ocsf::Event& event);

}  // namespace winnow
