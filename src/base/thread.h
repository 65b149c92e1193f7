// A thread: what only a bug can throw ends the process (style: exit code 70), since
// nobody else would notice.
#pragma once

#include <functional>
#include <string_view>
#include <thread>

namespace winnow {

std::thread start_thread(std::string_view name, std::function<void()> work);

}  // namespace winnow
