// winnow serve accepting rows of a mail log in batches of 100, durably: rows a second, and what
// they cost the server. Nothing is deployed, so that what is measured is accepting alone; the
// server is kept on one CPU.
//   intake_bench [REQUESTS] [CONNECTIONS]
#include <chrono>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "bench/http/load.h"
#include "bench/http/serving.h"
#include "bench/server/workspace.h"

namespace winnow::bench {
namespace {

constexpr int kRows = 100;

std::string request_of(const std::string& token) {
  std::string rows;
  for (int i = 0; i < kRows; ++i)
    rows += fmt::format(
        R"({{"date":"2026-03-03T14:05:06Z","sender":"ann{0}@shop.example","receiver":"bob@soc.example",)"
        R"("subject":"Invoice {0} overdue","message_id":"<{0}@shop.example>",)"
        R"("body":"Please pay invoice {0} until Friday: https://pay.example/{0}"}})"
        "\n",
        i);
  return fmt::format(
      "POST /v1/events/bench HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n{}",
      token, rows.size(), rows);
}

void run(std::size_t requests, std::size_t connections) {
  const BenchWorkspace workspace(BenchWorkspace::Champion::None);
  const auto request = request_of(workspace.token_of("sensor"));
  const ServeProcess server(workspace.soc());
  keep_on_cpu(server.process(), 0);
  const auto bytes = answer_bytes(server.port(), request);
  const double before = cpu_seconds_of(server.process());
  const auto begin = std::chrono::steady_clock::now();
  if (bytes == 0 || !load(server.port(), request, bytes, connections, requests)) {
    fmt::print(stderr, "intake_bench: a connection broke\n");
    std::exit(1);
  }
  const double took =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double rows = static_cast<double>(requests) * kRows;
  fmt::print(
      "{:.0f} rows of {} bytes in batches of {} over {} connections: {:.0f} rows/s, {:.0f} "
      "rows a CPU-second of the server\n",
      rows, request.size() / kRows, kRows, connections, rows / took,
      rows / (cpu_seconds_of(server.process()) - before));
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, std::size_t otherwise) {
    return count > at ? static_cast<std::size_t>(std::max(1, std::atoi(arguments[at]))) : otherwise;
  };
  winnow::bench::run(number(1, 10'000), number(2, 8));
}
