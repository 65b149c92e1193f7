// The company of a simulation, by the options that all simulations share: with the same --seed and
// --people it is the same company in each.
#pragma once

#include "cli/command.h"
#include "simulate/company.h"

namespace winnow::cli {

Option people_option(std::string_view preset);
// By --seed and --people.
simulate::Company invented_company(const Arguments& arguments);

}  // namespace winnow::cli
