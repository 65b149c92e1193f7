// The company of a simulation, by the options that all simulations share: with the same --seed and
// --people it is the same company in each.
#pragma once

#include "cli/command.h"
#include "simulate/company.h"
#include "simulate/intrusion_plan.h"

namespace winnow::cli {

Option people_option(std::string_view preset);
// By --seed and --people.
simulate::Company invented_company(const Arguments& arguments);
// What is sent as it is written, by --seed and --from: until a month after `now`. Errors:
// InvalidArgument (--from is no day, or none that has come).
Result<simulate::TrafficSpan> live_span(const Arguments& arguments, Timestamp now);

}  // namespace winnow::cli
