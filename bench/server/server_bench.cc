// winnow serve under mail that arrives whether it is ready or not: latency of POST /v1/score/mail,
// what a request costs, what the server costs at rest. Simulated mail, the training that ships, one
// loop. With WAITING, so many rows of a mail log were accepted before and are decided meanwhile.
//   server_bench [MAILS_A_SECOND] [SECONDS] [WAITING]
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/json.h"
#include "bench/http/serving.h"
#include "bench/server/open_loop.h"
#include "bench/server/workspace.h"

namespace winnow::bench {
namespace {

std::vector<std::string> mails_in(const Path& mbox) {
  const auto text = read_file(mbox, 256UL << 20).value();
  std::vector<std::string> mails;
  for (std::size_t from = 0; from < text.size();) {
    const auto begin = text.find('\n', from) + 1;
    const auto end = std::min(text.find("\nFrom ", begin), text.size() - 1) + 1;
    mails.push_back(text.substr(begin, end - begin));
    from = end;
  }
  return mails;
}

double at(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

// Each mail is another one: a line that no sender writes comes first.
std::string request_of(const std::string& token, const std::string& mail, std::size_t n) {
  const auto body = fmt::format("X-Bench-Number: {}\n{}", n, mail);
  return fmt::format(
      "POST /v1/score/mail HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n{}",
      token, body.size(), body);
}

// Rows of a log in batches of 1000.
void send_log(std::uint16_t port, const std::string& token, std::size_t rows) {
  constexpr std::size_t kBatch = 1000;
  for (std::size_t from = 0; from < rows; from += kBatch) {
    std::string body;
    for (std::size_t i = from; i < std::min(rows, from + kBatch); ++i)
      body += fmt::format(
          R"({{"sender":"ann{0}@shop.example","receiver":"bob@soc.example","subject":"order {1}",)"
          R"("body":"Here is order {1}: https://shop.example/{1}. Please confirm by tomorrow."}})"
          "\n",
          i % 500, i);
    const auto answer = answer_to(
        port, fmt::format("POST /v1/events/log HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                          "Bearer {}\r\nContent-Type: application/x-ndjson\r\n"
                          "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
                          token, body.size(), body));
    ensure(answer.status == 202, "the log is accepted");
  }
}

std::int64_t waiting(std::uint16_t port, const std::string& token) {
  const auto answer = answer_to(
      port, fmt::format("GET /v1/status HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
                        "Connection: close\r\n\r\n",
                        token));
  return parse_json(answer.body).value()["spool"]["records"].as_int();
}

void run(double a_second, double seconds, std::size_t rows) {
  const BenchWorkspace workspace;
  const auto mails = mails_in(workspace.new_mail());
  const auto token = workspace.token_of("sensor"), analyst = workspace.token_of("analyst");
  const ServeProcess server(workspace.soc());
  const double ready = server.wait_until_ready();
  const double idle = server.resident_mib();
  const auto make = [&](std::size_t n) { return request_of(token, mails[n % mails.size()], n); };
  const auto requests = static_cast<std::size_t>(a_second * seconds);
  send_log(server.port(), token, rows);
  const auto wait_before = waiting(server.port(), analyst);
  const double before = cpu_seconds_of(server.process());
  const auto found = latencies({server.port(), a_second, requests, 7}, make);
  const double cost = cpu_seconds_of(server.process()) - before;
  const auto wait_after = waiting(server.port(), analyst);
  fmt::print(
      "{} mails at {:.0f} a second\n  latency      p50 {:.1f} ms, p90 {:.1f} ms, p99 {:.1f} ms, "
      "most {:.1f} ms\n  cost         {:.0f} mails a CPU-second of the server\n"
      "  memory       {:.1f} MiB idle, {:.1f} MiB after\n  ready        {:.0f} ms after its "
      "start\n",
      requests, a_second, at(found, 0.5), at(found, 0.9), at(found, 0.99), found.back(),
      static_cast<double>(requests) / cost, idle, server.resident_mib(), ready);
  if (rows > 0)
    fmt::print("  beside it    {} rows waited before, {} after: {:.0f} a second\n", wait_before,
               wait_after, static_cast<double>(wait_before - wait_after) / seconds);
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, double otherwise) {
    return count > at ? std::max(1.0, std::atof(arguments[at])) : otherwise;
  };
  winnow::bench::run(number(1, 300), number(2, 20),
                     count > 3 ? static_cast<std::size_t>(std::atoll(arguments[3])) : 0);
}
