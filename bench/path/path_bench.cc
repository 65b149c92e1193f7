// The whole path, from a line to a durable decision, beside its stages alone: README.md.
//   path_bench [rounds] [sites] [block]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include "base/cpu.h"
#include "bench/mail/work_folder.h"
#include "bench/path/whole_path.h"
#include "tests/support/support.h"

namespace winnow::bench {
namespace {

using StageSeconds = std::array<double, kPathStages.size()>;

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double quantile(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

struct Settings {
  int rounds = 3;
  int sites = 16;
  std::size_t block = 512;
};

struct Round {
  PathCost whole;
  StageSeconds stages;
  double two_wall = 0, two_cpu = 0;  // of two paths at once, each over half of the lines
};

Result<PathCost> whole(const PathBundle& bundle, std::span<const EveLine> lines,
                       std::size_t block) {
  const WorkFolder folder;
  WINNOW_TRY(const auto path, WholePath::open(bundle, folder.path() / "path"));
  WINNOW_TRY(auto cost, path->run(lines, block));
  if (path->decided() != lines.size())
    return Error(Code::Corrupt,
                 fmt::format("{} lines, {} decisions", lines.size(), path->decided()));
  return cost;
}

// Two paths with stores of their own, as two services on one machine.
Status two_at_once(const PathBundle& bundle, std::span<const EveLine> lines, std::size_t block,
                   Round& round) {
  const auto half = lines.size() / 2;
  std::array<Result<PathCost>, 2> costs = {PathCost{}, PathCost{}};
  {
    std::jthread other([&] { costs[1] = whole(bundle, lines.subspan(half, half), block); });
    costs[0] = whole(bundle, lines.first(half), block);
  }
  for (const auto& cost : costs) {
    if (!cost) return cost.error();
    round.two_wall = std::max(round.two_wall, cost->wall_seconds);
    round.two_cpu += cost->cpu_seconds;
  }
  return {};
}

void print(const std::vector<Round>& rounds, std::size_t lines, const Settings& settings) {
  const auto over = [&](auto value) {
    std::vector<double> values;
    for (const auto& round : rounds) values.push_back(value(round));
    return median(std::move(values));
  };
  const auto us = [&](double seconds) { return 1e6 * seconds / static_cast<double>(lines); };
  const auto sum = [](const StageSeconds& stages) {
    return std::accumulate(stages.begin(), stages.end(), 0.0);
  };
  const double cpu = over([](const Round& round) { return round.whole.cpu_seconds; });
  fmt::print("whole path: {:.2f} us of CPU an event, {:.0f} events a CPU-second; {:.0f} a second\n",
             us(cpu), static_cast<double>(lines) / cpu, over([&](const Round& round) {
               return static_cast<double>(lines) / round.whole.wall_seconds;
             }));
  for (std::size_t stage = 0; stage < kPathStages.size(); ++stage) {
    fmt::print("  {:<36}{:>8.2f} us\n", name_of(kPathStages[stage]),
               us(over([&](const Round& round) { return round.stages[stage]; })));
  }
  fmt::print("  {:<36}{:>8.2f} us; the whole is {:.2f} of it\n", "sum of the stages alone",
             us(over([&](const Round& round) { return sum(round.stages); })),
             over([&](const Round& round) { return round.whole.cpu_seconds / sum(round.stages); }));
  fmt::print(
      "two at once: {:.2f} times the events a second of one, {:.2f} times the CPU an event\n",
      over([](const Round& round) { return round.whole.wall_seconds / round.two_wall; }),
      over([](const Round& round) { return round.two_cpu / round.whole.cpu_seconds; }));
  std::vector<double> blocks;
  for (const auto& round : rounds)
    blocks.insert(blocks.end(), round.whole.of_block.begin(), round.whole.of_block.end());
  fmt::print("a block of {} events: p50 {:.2f} ms, p99 {:.2f} ms, the disk's waits included\n",
             settings.block, 1e3 * quantile(blocks, 0.5), 1e3 * quantile(blocks, 0.99));
}

// Alerts alone, each of them explained: what triage takes.
Status triage(std::span<const EveLine> lines, const Settings& settings) {
  std::vector<EveLine> alerts;
  std::ranges::copy_if(lines, std::back_inserter(alerts), [](const EveLine& line) {
    return line.text.find("\"event_type\":\"alert\"") != std::string::npos;
  });
  WINNOW_TRY(const auto bundle, make_path_bundle(alerts, Explained::All));
  std::vector<double> whole_us, decide_us;
  for (int i = 0; i < settings.rounds; ++i) {
    const auto us = [&](double seconds) {
      return 1e6 * seconds / static_cast<double>(alerts.size());
    };
    WINNOW_TRY(const auto cost, whole(bundle, alerts, settings.block));
    const WorkFolder work;
    WINNOW_TRY(const auto stages, stages_alone(bundle, alerts, settings.block, work.path()));
    whole_us.push_back(us(cost.cpu_seconds));
    decide_us.push_back(us(stages[static_cast<std::size_t>(PathStage::Decide)]));
  }
  fmt::print(
      "triage: {} alerts, each explained: {:.2f} us of CPU an alert, {:.0f} a CPU-second; "
      "{:.2f} us of them to decide and explain\n",
      alerts.size(), median(whole_us), 1e6 / median(whole_us), median(decide_us));
  return {};
}

Status run(const Settings& settings) {
  const auto folder = testing::unpacked("network/suricata-eve.tar.zst");
  if (!folder) {
    fmt::print("skipped: {}\n", testing::kNoRealData);
    return {};
  }
  WINNOW_TRY(const auto lines, read_eve_lines(*folder / "suricata-eve", settings.sites));
  WINNOW_TRY(const auto bundle, make_path_bundle(lines, Explained::Findings));
  const auto bytes =
      std::accumulate(lines.begin(), lines.end(), 0UL,
                      [](std::size_t sum, const EveLine& line) { return sum + line.text.size(); });
  fmt::print("{} lines of {} bytes on average, {} features, {} trees, {}, {} rounds\n",
             lines.size(), bytes / lines.size(), bundle.model->columns(),
             bundle.model->forest().trees.size(), name_of(cpu_level()), settings.rounds);
  std::vector<Round> rounds;
  for (int i = 0; i < settings.rounds; ++i) {
    auto& round = rounds.emplace_back();
    WINNOW_TRY(round.whole, whole(bundle, lines, settings.block));
    const WorkFolder work;
    WINNOW_TRY(round.stages, stages_alone(bundle, lines, settings.block, work.path()));
    WINNOW_TRY(two_at_once(bundle, lines, settings.block, round));
  }
  print(rounds, lines.size(), settings);
  return triage(lines, settings);
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  winnow::bench::Settings settings;
  if (count > 1) settings.rounds = std::atoi(arguments[1]);
  if (count > 2) settings.sites = std::atoi(arguments[2]);
  if (count > 3) settings.block = static_cast<std::size_t>(std::atoi(arguments[3]));
  if (settings.rounds < 1 || settings.sites < 1 || settings.sites > 255 || settings.block < 1) {
    std::fputs("path_bench [rounds] [sites, to 255] [block]\n", stderr);
    return 2;
  }
  const auto done = winnow::bench::run(settings);
  if (!done) fmt::print(stderr, "path_bench: {}\n", done.error().text());
  return done ? 0 : 1;
}
