#include "bench/model/contest.h"

#include <algorithm>
#include <cmath>
#include <ctime>

#include <fmt/format.h>

namespace winnow::bench {
namespace {

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(
      std::lround(share * static_cast<double>(values.size() - 1)))];
}

}  // namespace

double thread_cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::size_t Contest::add(std::string name, std::size_t rows, std::size_t yardstick,
                         std::function<void()> run) {
  contenders_.push_back({std::move(name), rows, yardstick, std::move(run), {}});
  return contenders_.size() - 1;
}

void Contest::hold(int rounds) {
  for (auto& contender : contenders_) contender.run();
  for (int round = 0; round < rounds; ++round) {
    for (auto& contender : contenders_) {
      const double begin = thread_cpu_seconds();
      contender.run();
      contender.seconds_a_row.push_back((thread_cpu_seconds() - begin) /
                                        static_cast<double>(contender.rows));
    }
  }
  fmt::print("{:<44} {:>12} {:>10}   ratio, median (10-90 %), against\n", "contender", "rows/s",
             "us/row");
  for (const auto& contender : contenders_) print(contender);
}

void Contest::print(const Contender& contender) const {
  const auto& yardstick = contenders_[contender.yardstick];
  std::vector<double> ratios;
  for (std::size_t i = 0; i < contender.seconds_a_row.size(); ++i) {
    ratios.push_back(yardstick.seconds_a_row[i] / contender.seconds_a_row[i]);
  }
  const double seconds = quantile(contender.seconds_a_row, 0.5);
  fmt::print("{:<44} {:>12.0f} {:>10.3f}   {:.2f}x ({:.2f}-{:.2f}), {}\n", contender.name,
             1 / seconds, 1e6 * seconds, quantile(ratios, 0.5), quantile(ratios, 0.1),
             quantile(ratios, 0.9), yardstick.name);
}

}  // namespace winnow::bench
