#include "bench/http/serving.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/http/load.h"

namespace winnow::bench {
namespace {

double requests_a_cpu_second(const Target& server, std::string_view request, const Rounds& rounds) {
  const auto bytes = answer_bytes(server.port, request);
  const double before = cpu_seconds_of(server.process);
  if (bytes == 0 || !load(server.port, request, bytes, rounds.connections, rounds.requests)) {
    fmt::print(stderr, "bench: a server closed its connections\n");
    std::exit(1);
  }
  return static_cast<double>(rounds.requests) / (cpu_seconds_of(server.process) - before);
}

}  // namespace

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

void print_beside_beast(const Target& ours, const Target& beast, std::string_view request,
                        const Rounds& rounds) {
  std::vector<double> ratios, of_ours, of_beast;
  for (int round = 0; round <= rounds.rounds; ++round) {
    const double mine = requests_a_cpu_second(ours, request, rounds);
    const double theirs = requests_a_cpu_second(beast, request, rounds);
    if (round == 0) continue;  // warms up
    of_ours.push_back(mine);
    of_beast.push_back(theirs);
    ratios.push_back(mine / theirs);
  }
  for (auto* values : {&of_ours, &of_beast, &ratios}) std::sort(values->begin(), values->end());
  const auto middle = ratios.size() / 2;
  fmt::print(
      "{} connections, {} requests a round, {} rounds; requests per CPU-second of the server\n"
      "  winnow         {:>9.0f}\n  stock Beast    {:>9.0f}\n  ratio          {:>9.2f} "
      "({:.2f}-{:.2f})\n",
      rounds.connections, rounds.requests, rounds.rounds, of_ours[middle], of_beast[middle],
      ratios[middle], ratios.front(), ratios.back());
}

}  // namespace winnow::bench
