// Requests per CPU-second of the serving process, ours beside a stock Boost.Beast server:
// keep-alive POSTs of 1 KiB on loopback, one thread each, alternating rounds.
//   http_bench [ROUNDS] [REQUESTS] [CONNECTIONS]
#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "bench/http/beast_server.h"
#include "bench/http/load.h"
#include "bench/http/serving.h"
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
    const double mine =
        requests_a_cpu_second(ours.port(), ours.process(), request, connections, requests);
    const double theirs =
        requests_a_cpu_second(beast.port(), beast.process(), request, connections, requests);
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
