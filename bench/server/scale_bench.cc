// winnow serve on a workspace with a long past: how soon it is ready, what it keeps in memory, how
// long what people ask takes. Simulated mail, the training that ships, decided with `winnow score`.
//   scale_bench [MAILS]
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>

#include <fmt/format.h>

#include "base/json.h"
#include "bench/server/open_loop.h"
#include "bench/server/workspace.h"

namespace winnow::bench {
namespace {

constexpr double kDays = 20;
constexpr double kWorkingShare = 5.0 / 7;
constexpr int kAsked = 100;
constexpr double kAskedASecond = 10;
constexpr int kQuietLooks = 5;

struct Question {
  std::string_view what;
  std::string_view target;
};

// What the console asks when people work.
constexpr Question kQuestions[] = {
    {"the queue", "/v1/queue?limit=100"},
    {"the queue's newest", "/v1/queue?limit=100&sort=newest"},
    {"a search in it", "/v1/queue?limit=100&q=invoice"},
    {"the closed cases", "/v1/queue?limit=100&state=resolved"},
    {"decisions of a route", "/v1/decisions?route=escalate&limit=100"},
};

std::string request_of(const std::string& token, std::string_view target) {
  return fmt::format("GET {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
                     target, token);
}

void ask(const ServeProcess& server, const std::string& token, const Question& question) {
  const auto found = latencies({server.port(), kAskedASecond, kAsked, 7},
                               [&](std::size_t) { return request_of(token, question.target); });
  fmt::print("  {:<22} p50 {:6.1f} ms, most {:6.1f} ms\n", question.what, found[kAsked / 2],
             found.back());
}

std::int64_t open_cases(const ServeProcess& server, const std::string& token) {
  const auto answer = answer_to(server.port(), request_of(token, "/v1/queue?limit=1"));
  return parse_json(answer.body).value()["total"].as_int();
}

// The server makes cases of findings a batch at a time; it is done when they grow no more for ten
// seconds.
std::int64_t cases_when_followed(const ServeProcess& server, const std::string& token) {
  server.wait_until_ready();
  std::int64_t cases = -1;
  for (int quiet = 0; quiet < kQuietLooks; ++quiet) {
    const auto now = open_cases(server, token);
    if (now != cases) quiet = 0;
    cases = now;
    std::this_thread::sleep_for(std::chrono::seconds(2));
  }
  return cases;
}

void run(double mails) {
  const BenchWorkspace workspace;
  workspace.run(
      fmt::format("simulate mail ../long --seed 11 --days {} --new-days {} "
                  "--mails-per-day {} --phish-share 0.12",
                  kDays + 1, kDays, mails / kDays / kWorkingShare));
  workspace.run("score mail ../long/new.mbox");
  const auto token = workspace.token_of("admin");
  const auto cases = cases_when_followed(ServeProcess(workspace.soc()), token);
  fmt::print("{} open cases\n", cases);
  const ServeProcess server(workspace.soc());
  const double ready = server.wait_until_ready();
  fmt::print("ready {:.0f} ms after its start, {:.1f} MiB\n", ready, server.resident_mib());
  for (const auto& question : kQuestions) ask(server, token, question);
  fmt::print("{:.1f} MiB after that\n", server.resident_mib());
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  winnow::bench::run(count > 1 ? std::max(1000.0, std::atof(arguments[1])) : 100'000);
}
