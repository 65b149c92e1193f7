// Numbers as people read them. The units of features are a closed list.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/yaml.h"

namespace winnow::features {

// Errors: InvalidArgument, with the nearest unit.
Status check_unit(std::string_view unit, const Yaml& where);

// As the phrases of a feature write it: "85 %", "4212", "3.32". What old decisions say was written
// so, and replays must write it so again.
std::string number_text(double value, std::string_view unit);

// As measures write it: "4,212".
std::string amount_text(double value, std::string_view unit);
// A mean of counts: "4,212", "12", "0.4".
std::string usual_text(double value);
// "1 of 74", of 6.2 bits of surprise.
std::string odds_text(double bits);
// "30 s", "3 h", "12 days": of days where the unit is one of days, else of seconds.
std::string span_text(double value, std::string_view unit);
// What a value of the unit counts: a logarithm undone, others as they are.
double counted(double value, std::string_view unit);

}  // namespace winnow::features
