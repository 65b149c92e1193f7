// POST /v1/score of winnow serve beside a stock Boost.Beast server that takes the same requests and
// answers with a constant: requests per CPU-second of the serving process, each on one CPU,
// alternating rounds. Simulated mail, the training that ships.
//   score_bench [ROUNDS] [REQUESTS] [CONNECTIONS] [FEATURES]
#include <algorithm>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "base/json.h"
#include "bench/http/beast_server.h"
#include "bench/http/serving.h"
#include "bench/server/open_loop.h"
#include "bench/server/workspace.h"

namespace winnow::bench {
namespace {

constexpr unsigned kServersCpu = 0, kClientsCpu = 1;

// Of a decided mail.
Json decided_mail(const BenchWorkspace& workspace) {
  workspace.run("score mail ../mail/new.mbox");
  return parse_json(workspace.run("decisions explain latest --json")).value();
}

// Its first `features` that are not missing.
std::string row_of(const Json& explained, std::size_t features) {
  Json row = Json::object();
  for (const auto& [name, value] : explained["features"].members()) {
    if (row.members().size() < features && !value.is_null()) row.set(name, value);
  }
  return to_text(row);
}

bool is_as_decided(const std::string& answer, const Json& explained) {
  const auto row = parse_json(answer).value()["rows"].items()[0];
  return row["probability"] == explained["decision"]["probability"];
}

std::string request_of(const std::string& token, const std::string& row) {
  return fmt::format(
      "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n"
      "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      token, row.size(), row);
}

void run(const Rounds& rounds, std::size_t features) {
  const BenchWorkspace workspace;
  const auto explained = decided_mail(workspace);
  const auto row = row_of(explained, features);
  const auto request = request_of(workspace.token_of("sensor"), row);
  ::setenv("WINNOW_SERVER__REQUESTS_A_SECOND", "10000000", 1);
  const ServeProcess ours(workspace.soc());
  ours.wait_until_ready();
  const auto answer = answer_to(ours.port(), request);
  if (answer.status != 200 ||
      (parse_json(row)->members().size() < features && !is_as_decided(answer.body, explained))) {
    fmt::print(stderr, "score_bench: {}\n", answer.body);
    std::exit(1);
  }
  const Serving beast([&](const auto& listening) { serve_with_beast(answer.body, listening); });
  keep_on_cpu(ours.process(), kServersCpu);
  keep_on_cpu(beast.target().process, kServersCpu);
  keep_on_cpu(::getpid(), kClientsCpu);
  fmt::print("rows of {} bytes; ", row.size());
  print_beside_beast({ours.port(), ours.process()}, beast.target(), request, rounds);
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, int otherwise) {
    return static_cast<std::size_t>(count > at ? std::max(1, std::atoi(arguments[at])) : otherwise);
  };
  winnow::bench::run({static_cast<int>(number(1, 5)), number(2, 100'000), number(3, 64)},
                     number(4, 1000));
}
