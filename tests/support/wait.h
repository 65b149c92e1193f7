// Waiting for what another thread or program does.
#pragma once

#include <functional>
#include <source_location>

namespace winnow::testing {

// Asks again and again whether it is so. The test fails when it is not after two minutes, which is
// more than a busy machine needs for anything.
void wait_until(const std::function<bool()>& done,
                std::source_location asked = std::source_location::current());

}  // namespace winnow::testing
