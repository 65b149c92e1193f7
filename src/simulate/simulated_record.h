// One record of a simulated log, and what it really is.
#pragma once

#include <string>

#include "base/timestamp.h"
#include "ingest/records/label.h"

namespace winnow::simulate {

// Truth is Malicious or Benign.
struct SimulatedRecord {
  Timestamp time;
  std::string raw;  // without its line end
  Label truth = Label::None;
  std::string intrusion;  // which: "intrusion-4"; empty for what is honest
};

}  // namespace winnow::simulate
