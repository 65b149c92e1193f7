#include "base/thread.h"

#include <cstdlib>
#include <exception>
#include <string>

#include <pthread.h>

#include "base/log.h"

namespace winnow {

std::thread start_thread(std::string_view name, std::function<void()> work) {
  std::thread thread([work = std::move(work), name = std::string(name)] {
    constexpr int kExitOurBug = 70;
    try {
      work();
    } catch (const std::exception& bug) {
      log::error("a bug in winnow; please report it", {{"thread", name}, {"what", bug.what()}});
      std::_Exit(kExitOurBug);
    }
  });
  ::pthread_setname_np(thread.native_handle(), std::string(name.substr(0, 15)).c_str());
  return thread;
}

}  // namespace winnow
