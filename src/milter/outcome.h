// What became of a mail that was handed to the scoring service.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "pipeline/policy.h"

namespace winnow::milter {

struct Scored {
  std::string decision;  // "d-" and hexadecimal digits
  Route route = Route::Queue;
  std::optional<double> probability;  // nothing where the model gave none
};

enum class Unscored : std::uint8_t {
  TooLarge,     // than is scored
  Unusable,     // the service has it in its quarantine
  Unavailable,  // the service gave no answer in time, or has no room
};
std::string_view name_of(Unscored why);  // "too large", "unusable", "unavailable"

using Outcome = std::variant<Scored, Unscored>;

// Scores a whole mail as it would be stored. Called by many threads at once; ends within a time of
// its own.
using Score = std::function<Outcome(std::string_view mail)>;

}  // namespace winnow::milter
