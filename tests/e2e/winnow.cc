#include "tests/e2e/winnow.h"

#include <csignal>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace winnow::testing {
namespace {

constexpr unsigned kTimeoutSeconds = 400;

void put(const char* name, std::int64_t number) {
  ::setenv(name, std::to_string(number).c_str(), 1);
}

void make_hostile(const Machine& machine) {
  if (!machine.disk_bytes && !machine.kill_at && machine.clock_shift_s == 0 &&
      machine.full_while.empty())
    return;
  ::setenv("LD_PRELOAD", HOSTILE_MACHINE, 1);
  ::setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 1);
  if (machine.disk_bytes) put("WINNOW_TEST_DISK_BYTES", *machine.disk_bytes);
  if (machine.kill_at) put("WINNOW_TEST_KILL_AT", *machine.kill_at);
  if (!machine.full_while.empty())
    ::setenv("WINNOW_TEST_FULL_WHILE", machine.full_while.c_str(), 1);
  put("WINNOW_TEST_CLOCK_SHIFT_S", machine.clock_shift_s);
}

[[noreturn]] void become_winnow(const Path& folder, const std::vector<std::string>& words, int in,
                                int out, int err, const Machine& machine = {}) {
  make_hostile(machine);
  ::dup2(in, STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  ::setenv("NO_COLOR", "1", 1);
  ::setenv("WINNOW_ACTOR", "tester", 1);
  ::alarm(kTimeoutSeconds);
  std::vector<std::string> copy{WINNOW_BINARY};
  copy.insert(copy.end(), words.begin(), words.end());
  std::vector<char*> argv;
  for (auto& word : copy) argv.push_back(word.data());
  argv.push_back(nullptr);
  if (::chdir(folder.c_str()) == 0) ::execv(WINNOW_BINARY, argv.data());
  ::_exit(127);
}

int exit_of(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// A file rather than a pipe: neither side ever waits for the other.
int open_file(const Path& path, int flags) { return ::open(path.c_str(), flags | O_CLOEXEC, 0600); }

}  // namespace

Json Outcome::json() const {
  auto parsed = parse_json(out);
  return parsed ? std::move(*parsed) : Json();
}

Outcome winnow(const Path& folder, const std::vector<std::string>& words, std::string_view input,
               const Machine& machine) {
  TemporaryFolder files;
  ensure(write_atomically(files / "in", input).has_value(), "the input can be written");
  const int in = open_file(files / "in", O_RDONLY),
            out = open_file(files / "out", O_WRONLY | O_CREAT),
            err = open_file(files / "err", O_WRONLY | O_CREAT);
  const pid_t child = ::fork();
  if (child == 0) become_winnow(folder, words, in, out, err, machine);
  for (const int descriptor : {in, out, err}) ::close(descriptor);
  Outcome outcome;
  outcome.exit = exit_of(child);
  outcome.out = read_file(files / "out", 256UL << 20).value();
  outcome.err = read_file(files / "err", 256UL << 20).value();
  return outcome;
}

bool winnow_killed_after(const Path& folder, const std::vector<std::string>& words,
                         std::int64_t micros) {
  const int nowhere = open_file("/dev/null", O_RDWR);
  const pid_t child = ::fork();
  if (child == 0) become_winnow(folder, words, nowhere, nowhere, nowhere);
  ::close(nowhere);
  ::usleep(static_cast<useconds_t>(micros));
  ::kill(child, SIGKILL);
  return exit_of(child) >= 0;
}

RunningWinnow::RunningWinnow(const Path& folder, const std::vector<std::string>& words,
                             const Machine& machine) {
  const int in = open_file("/dev/null", O_RDONLY),
            out = open_file(files_ / "out", O_WRONLY | O_CREAT),
            err = open_file(files_ / "err", O_WRONLY | O_CREAT);
  process_ = ::fork();
  if (process_ == 0) become_winnow(folder, words, in, out, err, machine);
  for (const int descriptor : {in, out, err}) ::close(descriptor);
}

RunningWinnow::~RunningWinnow() {
  if (process_ > 0) end(SIGKILL);
}

std::uint16_t RunningWinnow::port() {
  for (;;) {
    const auto out = read_file(files_ / "out", 1UL << 20).value();
    constexpr std::string_view kBefore = "://127.0.0.1:";  // http or https
    const auto at = out.find(kBefore);
    if (at != std::string::npos && out.find('\n', at) != std::string::npos)
      return static_cast<std::uint16_t>(std::stoi(out.substr(at + kBefore.size())));
    siginfo_t ended{};
    ::waitid(P_PID, static_cast<id_t>(process_), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (ended.si_pid != 0) return 0;
    ::usleep(2'000);
  }
}

Outcome RunningWinnow::end(int signal) {
  ::kill(process_, signal);
  Outcome outcome;
  outcome.exit = exit_of(process_);
  process_ = -1;
  outcome.out = read_file(files_ / "out", 256UL << 20).value();
  outcome.err = read_file(files_ / "err", 256UL << 20).value();
  return outcome;
}

}  // namespace winnow::testing
