// What secrets are made of and compared with.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace winnow {

// From the system's cryptographic randomness. Without any it is a ContractViolation: no secret is
// made of less.
std::string random_bytes(std::size_t count);

// In a time that tells only the sizes: not how far the two agree.
bool equal_in_constant_time(std::string_view a, std::string_view b);

}  // namespace winnow
