// What a simulated company's people, machines and addresses are worth to it.
#pragma once

#include <vector>

#include "intel/asset.h"
#include "simulate/company.h"

namespace winnow::simulate {

// In the order of kind and name. The same company gives the same list.
std::vector<Asset> assets_of(const Company& company);

}  // namespace winnow::simulate
