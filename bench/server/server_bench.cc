// winnow serve under mail that arrives whether it is ready or not: latency of POST /v1/score/mail,
// what a request costs, what the server costs at rest. Simulated mail, the training that ships, one
// loop.
//   server_bench [MAILS_A_SECOND] [SECONDS]
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>

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

void run(double a_second, double seconds) {
  const BenchWorkspace workspace;
  const auto mails = mails_in(workspace.new_mail());
  const auto token = workspace.token_of("sensor");
  const ServeProcess server(workspace.soc());
  const double ready = server.wait_until_ready();
  const double idle = server.resident_mib();
  const auto make = [&](std::size_t n) { return request_of(token, mails[n % mails.size()], n); };
  const auto requests = static_cast<std::size_t>(a_second * seconds);
  const double before = cpu_seconds_of(server.process());
  const auto found = latencies({server.port(), a_second, requests, 7}, make);
  const double cost = cpu_seconds_of(server.process()) - before;
  fmt::print(
      "{} mails at {:.0f} a second\n  latency      p50 {:.1f} ms, p90 {:.1f} ms, p99 {:.1f} ms, "
      "most {:.1f} ms\n  cost         {:.0f} mails a CPU-second of the server\n"
      "  memory       {:.1f} MiB idle, {:.1f} MiB after\n  ready        {:.0f} ms after its "
      "start\n",
      requests, a_second, at(found, 0.5), at(found, 0.9), at(found, 0.99), found.back(),
      static_cast<double>(requests) / cost, idle, server.resident_mib(), ready);
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, double otherwise) {
    return count > at ? std::max(1.0, std::atof(arguments[at])) : otherwise;
  };
  winnow::bench::run(number(1, 300), number(2, 20));
}
