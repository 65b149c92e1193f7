#include "bench/http/serving.h"

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/http/load.h"

namespace winnow::bench {

Serving::Serving(const std::function<void(const Listening& listening)>& serve) {
  int pipe[2];
  if (::pipe(pipe) != 0) std::abort();
  process_ = ::fork();
  if (process_ == 0) {
    serve([&](std::uint16_t port) {
      if (::write(pipe[1], &port, sizeof port) != sizeof port) std::_Exit(1);
    });
    std::_Exit(0);
  }
  if (::read(pipe[0], &port_, sizeof port_) != sizeof port_) std::abort();
  ::close(pipe[0]);
  ::close(pipe[1]);
}

Serving::~Serving() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

double cpu_seconds_of(pid_t process) {
  clockid_t clock;
  timespec now{};
  ::clock_getcpuclockid(process, &clock);
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void keep_on_cpu(pid_t process, unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  std::error_code error;
  for (const auto& thread :
       std::filesystem::directory_iterator(fmt::format("/proc/{}/task", process), error))
    ::sched_setaffinity(std::atoi(thread.path().filename().c_str()), sizeof set, &set);
}

double requests_a_cpu_second(std::uint16_t port, pid_t process, std::string_view request,
                             std::size_t connections, std::size_t requests) {
  const auto bytes = answer_bytes(port, request);
  const double before = cpu_seconds_of(process);
  if (bytes == 0 || !load(port, request, bytes, connections, requests)) {
    fmt::print(stderr, "bench: a server closed its connections\n");
    std::exit(1);
  }
  return static_cast<double>(requests) / (cpu_seconds_of(process) - before);
}

}  // namespace winnow::bench
