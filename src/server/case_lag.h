// How far cases are behind what was decided.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "cases/case_reader.h"

namespace winnow::server {

class Desk;

struct CaseLag {
  std::uint64_t waiting = 0;             // decisions that the cases have not taken in
  std::chrono::duration<double> lag{0};  // how long there have been such, at most
};

// Nothing where it cannot be read. Two looks into an index.
std::optional<CaseLag> lag_of_cases(cases::CaseReader& cases, const Desk& desk);

}  // namespace winnow::server
