// Contenders side by side on a busy machine: thread CPU time, interleaved round by round, and
// ratios taken within each round (performance.md, section 0).
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace winnow::bench {

double thread_cpu_seconds();

class Contest {
 public:
  // `yardstick` is the index of the contender that this one is compared with; its own for itself.
  // `run` handles `rows` rows.
  std::size_t add(std::string name, std::size_t rows, std::size_t yardstick,
                  std::function<void()> run);

  std::size_t size() const { return contenders_.size(); }

  // Runs every contender once to warm up, then `rounds` times in turn, and prints one line each.
  void hold(int rounds);

 private:
  struct Contender {
    std::string name;
    std::size_t rows;
    std::size_t yardstick;
    std::function<void()> run;
    std::vector<double> seconds_a_row;
  };
  void print(const Contender& contender) const;
  std::vector<Contender> contenders_;
};

}  // namespace winnow::bench
