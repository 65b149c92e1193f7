// What a label given to an event says to the history of its entities.
#pragma once

#include <string_view>

#include "ingest/records/label.h"

namespace winnow {

// As feature sets name it (docs/features.md): "phishing", "spam", "benign", "malicious"; empty
// without a label.
std::string_view verdict_of(Label label);

}  // namespace winnow
