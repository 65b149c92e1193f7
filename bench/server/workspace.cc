#include "bench/server/workspace.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/server/open_loop.h"

namespace winnow::bench {
namespace {

// What `winnow words` prints; ends the program when it fails.
std::string winnow(const Path& folder, std::string_view words) {
  const auto command =
      fmt::format("cd '{}' && '{}' {} --quiet", folder.string(), WINNOW_BINARY, words);
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> part;
  for (std::size_t got = 1; pipe != nullptr && got > 0;) {
    got = std::fread(part.data(), 1, part.size(), pipe);
    out.append(part.data(), got);
  }
  if (pipe == nullptr || ::pclose(pipe) != 0) {
    fmt::print(stderr, "bench: winnow {} failed\n", words);
    std::exit(1);
  }
  return out;
}

}  // namespace

BenchWorkspace::BenchWorkspace(Champion champion) {
  std::string name = (std::filesystem::temp_directory_path() / "server_bench_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::exit(1);
  folder_ = name;
  winnow(folder_, "init soc");
  if (champion == Champion::None) return;
  winnow(folder_, "simulate mail mail --seed 7 --days 60 --mails-per-day 40 --phish-share 0.25");
  for (const auto* words : {"intel import content/intel/intel.yaml",
                            "ingest mail ../mail/history-benign.mbox --label benign",
                            "ingest mail ../mail/history-phish.mbox --label phish", "train mail",
                            "bundles build", "deployments promote latest --reason bench"})
    winnow(soc(), words);
}

BenchWorkspace::~BenchWorkspace() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string BenchWorkspace::run(std::string_view words) const { return winnow(soc(), words); }

std::string BenchWorkspace::token_of(std::string_view role) const {
  auto token = winnow(soc(), fmt::format("tokens create bench-{0} --role {0}", role));
  token.pop_back();  // the line's end
  return token;
}

ServeProcess::ServeProcess(const Path& soc) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) std::exit(1);
  process_ = ::fork();
  if (process_ == 0) {
    ::dup2(pipe[1], STDOUT_FILENO);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a bench that gives up leaves nothing behind
    ::execl(WINNOW_BINARY, "winnow", "serve", "--listen", "127.0.0.1:0", "--quiet", "--workspace",
            soc.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(pipe[1]);
  std::string line;
  for (char c = 0; c != '\n' && ::read(pipe[0], &c, 1) == 1;) line += c;
  ::close(pipe[0]);
  const auto colon = line.rfind(':');
  if (colon == std::string::npos) std::exit(1);
  port_ = static_cast<std::uint16_t>(std::atoi(line.c_str() + colon + 1));
}

ServeProcess::~ServeProcess() {
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
}

double ServeProcess::wait_until_ready() const {
  const std::string request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";
  while (answer_to(port_, request).status != 200)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - started_)
      .count();
}

double ServeProcess::resident_mib() const {
  const auto status = read_file(fmt::format("/proc/{}/status", process_), 65536).value();
  return std::strtod(status.c_str() + status.find("VmRSS:") + 6, nullptr) / 1024;
}

}  // namespace winnow::bench
