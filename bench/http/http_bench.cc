// Requests per CPU-second of the serving process, ours beside a stock Boost.Beast server:
// keep-alive POSTs of 1 KiB on loopback, one thread each, alternating rounds.
//   http_bench [ROUNDS] [REQUESTS] [CONNECTIONS]
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/http/beast_server.h"
#include "bench/http/load.h"
#include "http/server.h"

namespace winnow::bench {
namespace {

constexpr std::string_view kAnswer =
    R"({"probability":0.9731,"route":"escalate","reasons":["f12","f7","f33"]})";

class Answering final : public http::Handler {
 public:
  http::Admission admit(const http::Request&) override { return {.body_bytes = 1UL << 20}; }
  void handle(http::Exchange& exchange) override {
    exchange.response().set(200, "application/json", kAnswer);
  }
  void refuse(int status, std::string_view why, http::Response& response) override {
    response.set(status, "text/plain", why);
  }
};

// A server in a process of its own, ended with this object.
class Serving {
 public:
  template <typename Serve>
  explicit Serving(Serve serve) {
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
  ~Serving() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;

  std::uint16_t port() const { return port_; }
  double cpu_seconds() const {
    clockid_t clock;
    timespec now{};
    ::clock_getcpuclockid(process_, &clock);
    ::clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }

 private:
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

double requests_a_cpu_second(const Serving& serving, std::string_view request,
                             std::size_t connections, std::size_t requests) {
  const auto bytes = answer_bytes(serving.port(), request);
  const double before = serving.cpu_seconds();
  if (!load(serving.port(), request, bytes, connections, requests)) {
    fmt::print(stderr, "http_bench: a server closed its connections\n");
    std::exit(1);
  }
  return static_cast<double>(requests) / (serving.cpu_seconds() - before);
}

void run(int rounds, std::size_t requests, std::size_t connections) {
  const Serving ours([](const auto& listening) {
    Answering answering;
    const auto server = http::Server::start({}, answering).value();
    listening(server->port());
    ::pause();
  });
  const Serving beast([](const auto& listening) { serve_with_beast(kAnswer, listening); });
  const std::string request =
      "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Content-Length: 1024\r\n\r\n" +
      std::string(1024, 'x');
  std::vector<double> ratios, of_ours, of_beast;
  for (int round = 0; round <= rounds; ++round) {
    const double mine = requests_a_cpu_second(ours, request, connections, requests);
    const double theirs = requests_a_cpu_second(beast, request, connections, requests);
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
      connections, requests, rounds, of_ours[middle], of_beast[middle], ratios[middle],
      ratios.front(), ratios.back());
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, int otherwise) {
    return count > at ? std::max(1, std::atoi(arguments[at])) : otherwise;
  };
  winnow::bench::run(number(1, 5), static_cast<std::size_t>(number(2, 100'000)),
                     static_cast<std::size_t>(number(3, 64)));
}
