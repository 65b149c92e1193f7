#include "base/contract.h"

#include <fmt/format.h>

namespace winnow {

void violate(std::string_view why, const std::source_location& where) {
  throw ContractViolation(
      fmt::format("{}:{}: contract broken: {}", where.file_name(), where.line(), why));
}

}  // namespace winnow
