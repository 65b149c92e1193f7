// How a thread works that follows what others write: a step, a rest, until it is stopped.
#pragma once

#include <chrono>
#include <functional>
#include <stop_token>

namespace winnow::server {

// Takes steps on the caller's thread until `stop` is requested, which ends a rest at once. A step
// says how long to rest then.
void work_in_steps(const std::stop_token& stop,
                   const std::function<std::chrono::milliseconds()>& step);

}  // namespace winnow::server
