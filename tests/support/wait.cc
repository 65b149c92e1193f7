#include "tests/support/wait.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace winnow::testing {

void wait_until(const std::function<bool()>& done, std::source_location asked) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) {
      ADD_FAILURE_AT(asked.file_name(), static_cast<int>(asked.line())) << "waited in vain";
      return;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

}  // namespace winnow::testing
