// The server that a user of Boost.Beast would write after its examples: asynchronous, string
// bodies.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace winnow::bench {

// Answers every request with `answer`, on one thread, for ever. Tells `listening` its port.
void serve_with_beast(std::string_view answer, const std::function<void(std::uint16_t)>& listening);

}  // namespace winnow::bench
