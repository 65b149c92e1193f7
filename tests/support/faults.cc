#include "tests/support/faults.h"

#include <atomic>
#include <csignal>
#include <fstream>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace winnow::testing {

FailingWrites::FailingWrites(int fail_at, bool stay_failed) {
  set_write_fault([this, fail_at, stay_failed](std::string_view, const Path&) -> Status {
    const int step = step_++;
    if (step != fail_at && !(stay_failed && step > fail_at)) return {};
    fired_ = true;
    return Error(Code::Exhausted, "no space left on device");
  });
}
FailingWrites::~FailingWrites() { set_write_fault({}); }

std::uint64_t killed_while(
    const std::function<void(const std::function<void()>& acknowledge)>& work, Rng& rng,
    int max_delay_us) {
  using Counter = std::atomic<std::uint64_t>;
  void* shared =
      ::mmap(nullptr, sizeof(Counter), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ensure(shared != MAP_FAILED, "a page can be mapped");
  auto* const acknowledged = new (shared) Counter(0);
  const pid_t child = ::fork();
  ensure(child >= 0, "a process can be forked");
  if (child == 0) {
    work([&] { acknowledged->fetch_add(1); });
    ::_exit(0);
  }
  ::usleep(static_cast<useconds_t>(rng.below(static_cast<std::uint64_t>(max_delay_us))));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  const auto count = acknowledged->load();
  ::munmap(shared, sizeof(Counter));
  return count;
}

void flip_byte(const Path& path, std::uint64_t at, unsigned char mask) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(at));
  const auto byte = static_cast<char>(file.get() ^ mask);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
  ensure(file.good(), "a byte inside the file is flipped");
}

}  // namespace winnow::testing
