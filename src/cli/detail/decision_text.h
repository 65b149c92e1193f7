// Decisions for people; for programs: pipeline/decision_json.h.
#pragma once

#include <span>
#include <string>

#include "cli/console.h"
#include "pipeline/decision_store.h"

namespace winnow::cli {

// The queue: most urgent first, each with its strongest reasons.
enum class Reasons { Show, LeaveOut };
void print_queue(Console& console, std::span<const DecisionRecord> records, Reasons reasons);

std::string percent(double probability);  // "98 %", "99.7 %", "-" without a score
Console::Tone tone_of(Route route);

}  // namespace winnow::cli
