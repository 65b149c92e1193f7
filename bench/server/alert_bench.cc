// POST /v1/score/event of winnow serve with one alert at a time: milliseconds from the request to
// the durable decision. A simulated network, the training that ships, alerts of Suricata.
//   alert_bench [ALERTS] [HOSTS]
// Cold: the service has just been started and the files of its states are out of the page cache;
// each alert is about a source, a target and a signature that are known from before and that nobody
// asked about since. Warm: the same ones again. In flight: as many clients at once as it takes to
// know what the service can do, then alerts that arrive half as often, ready or not; the same while
// the entity states of a bundle are filled that remembers other things (ADR 20). With TMPDIR on a
// file system in memory there is no disk to wait for, and what is left is our own.
#include <cstdlib>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "bench/http/serving.h"
#include "bench/server/open_loop.h"
#include "bench/server/workspace.h"

namespace winnow::bench {
namespace {

constexpr std::size_t kClients = 64;
constexpr std::size_t kHalfLoadSeconds = 10;

// The `round`-th alert about the host of this number.
std::string alert(std::size_t host, std::size_t round) {
  const auto second = round * 100'000 + host;
  return fmt::format(
      R"({{"timestamp":"2026-03-{:02}T{:02}:{:02}:{:02}.{:06}+0000","flow_id":{},"in_iface":"eth0",)"
      R"("event_type":"alert","src_ip":"10.{}.{}.{}","src_port":{},"dest_ip":"203.{}.{}.{}",)"
      R"("dest_port":443,"proto":"TCP","app_proto":"tls","tx_id":0,"community_id":"1:{:x}",)"
      R"("alert":{{"action":"allowed","gid":1,"signature_id":{},"rev":3,)"
      R"("signature":"ET POLICY observed connection to service {}",)"
      R"("category":"Potentially Bad Traffic","severity":2,"metadata":{{)"
      R"("affected_product":["Any"],"attack_target":["Client_Endpoint"],)"
      R"("created_at":["2024_02_01"],"deployment":["Perimeter"],"signature_severity":["Minor"],)"
      R"("updated_at":["2025_06_12"]}}}},"tls":{{"sni":"service{}.example","version":"TLS 1.3"}},)"
      R"("flow":{{"pkts_toserver":8,"pkts_toclient":9,"bytes_toserver":1402,)"
      R"("bytes_toclient":6120,"start":"2026-03-01T00:00:00.000000+0000"}}}})",
      1 + second / 86'400 % 28, second / 3'600 % 24, second / 60 % 60, second % 60, host,
      100'000'000 + second, host >> 16, host >> 8 & 255, host & 255, 1024 + host % 60'000,
      host >> 16, host >> 8 & 255, host & 255, second, 2'000'000 + host, host, host);
}

std::string request_of(const std::string& token, const std::string& record) {
  return fmt::format(
      "POST /v1/score/event?mapping=suricata HTTP/1.1\r\nHost: localhost\r\n"
      "Authorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
      token, record.size(), record);
}

void change(const Path& content,
            std::initializer_list<std::pair<std::string_view, std::string_view>> changes) {
  auto text = read_file(content, 1UL << 20).value();
  for (const auto& [from, to] : changes) {
    const auto at = text.find(from);
    ensure(at != std::string::npos, "the content that ships says so");
    text.replace(at, from.size(), to);
  }
  ensure(write_atomically(content, text).has_value(), "the content is written");
}

void train_and_promote(const BenchWorkspace& workspace) {
  workspace.run("train network");
  workspace.run("bundles build --domain network");
  workspace.run("deployments promote latest --reason bench");
}

void forget_pages_of(const Path& folder) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const int file = ::open(entry.path().c_str(), O_RDONLY);
    if (file < 0) continue;
    ::fdatasync(file);  // dirty pages stay
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
}

void print(std::string_view what, const std::vector<double>& sorted) {
  const auto at = [&](double share) {
    return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
  };
  fmt::print("  {:<10} p50 {:.3f} ms, p90 {:.3f} ms, p99 {:.3f} ms, most {:.3f} ms\n", what,
             at(0.5), at(0.9), at(0.99), sorted.back());
}

void run(std::size_t alerts, std::size_t hosts) {
  const BenchWorkspace workspace(BenchWorkspace::Champion::None);
  for (const auto* words :
       {"simulate network ../net --seed 7 --days 6 --new-days 1 --people 6 --visits-per-day 4 "
        "--intrusions-per-week 10",
        "ingest suricata ../net/history-benign.eve.json --label benign",
        "ingest suricata ../net/history-malicious.eve.json --label malicious"})
    workspace.run(words);
  // What a model costs to ask stays; what is left out is how well it is measured.
  change(workspace.soc() / "content/training/network.yaml",
         {{"rows_of_a_source: 100000", "rows_of_a_source: 2000"},
          {"  folds: 3", "  folds: 2"},
          {"{folds: 3", "{folds: 2"},
          {"bootstrap_draws: 200", "bootstrap_draws: 20"}});
  train_and_promote(workspace);
  std::string past;
  for (std::size_t host = 0; host < hosts; ++host) past += alert(host, 0) + "\n";
  const auto file = workspace.soc() / "past.eve.json";
  ensure(write_atomically(file, past).has_value(), "the past is written");
  workspace.run("ingest suricata past.eve.json");
  const auto token = workspace.token_of("sensor");
  ::setenv("WINNOW_SERVER__REQUESTS_A_SECOND", "10000000", 1);
  ServeProcess(workspace.soc()).wait_until_ready();  // the past is part of the states
  forget_pages_of(workspace.soc() / "data/states");

  const ServeProcess server(workspace.soc());
  server.wait_until_ready();
  // Every request is a record of its own: one that comes again is neither stored nor decided anew.
  std::size_t first = hosts;  // those before it are the past
  const auto make = [&](std::size_t n) {
    return request_of(token, alert((first + n) % hosts, (first + n) / hosts));
  };
  // The next ones begin at the first host again.
  const auto step_behind = [&](std::size_t sent) { first += (sent + hosts - 1) / hosts * hosts; };
  fmt::print("{} alerts of {} bytes, {} hosts known\n", alerts, alert(0, 1).size(), hosts);
  print("cold", one_by_one(server.port(), alerts, make));
  step_behind(alerts);
  const double before = cpu_seconds_of(server.process());
  print("warm", one_by_one(server.port(), alerts, make));
  const double cost = cpu_seconds_of(server.process()) - before;
  fmt::print("  {:.0f} us of the server's CPU an alert\n",
             1e6 * cost / static_cast<double>(alerts));
  step_behind(alerts);
  const double most = answers_a_second(server.port(), kClients, alerts * 4, make);
  fmt::print("  {} clients at once: {:.0f} alerts a second\n", kClients, most);
  step_behind(alerts * 4);
  const auto half = static_cast<std::size_t>(most / 2) * kHalfLoadSeconds;
  print("half load", latencies({server.port(), most / 2, half, 7}, make));
  step_behind(half);
  change(workspace.soc() / "content/features/network.yaml", {{"buckets: 168", "buckets: 167"}});
  train_and_promote(workspace);
  print("filling", latencies({server.port(), most / 2, half, 7}, make));
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, std::size_t otherwise) {
    return count > at ? static_cast<std::size_t>(std::max(1, std::atoi(arguments[at]))) : otherwise;
  };
  winnow::bench::run(number(1, 5'000), number(2, 20'000));
}
