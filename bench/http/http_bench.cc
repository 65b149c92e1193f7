// Requests per CPU-second of the serving process, ours beside a stock Boost.Beast server:
// keep-alive POSTs of 1 KiB on loopback, one thread each, alternating rounds.
//   http_bench [ROUNDS] [REQUESTS] [CONNECTIONS]
#include <algorithm>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "bench/http/beast_server.h"
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

void run(const Rounds& rounds) {
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
  print_beside_beast(ours.target(), beast.target(), request, rounds);
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, int otherwise) {
    return count > at ? std::max(1, std::atoi(arguments[at])) : otherwise;
  };
  winnow::bench::run({number(1, 5), static_cast<std::size_t>(number(2, 100'000)),
                      static_cast<std::size_t>(number(3, 64))});
}
