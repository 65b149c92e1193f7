// Contracts inside our own code. Nothing that comes from outside can trip one: input errors are
// `Result`s (result.h).
#pragma once

#include <source_location>
#include <stdexcept>
#include <string_view>

namespace winnow {

// A bug of ours. Only `main` and thread entry points catch it, to log it and stop with exit
// code 70.
class ContractViolation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] void violate(std::string_view why, const std::source_location& where);

// Throws ContractViolation unless `condition`; `why` says why it must hold.
inline void ensure(bool condition, std::string_view why,
                   const std::source_location& where = std::source_location::current()) {
  if (!condition) [[unlikely]]
    violate(why, where);
}

}  // namespace winnow
