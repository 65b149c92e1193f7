// Look-ups of observables in an intel snapshot beside std::unordered_set, answers checked equal.
//   intel_bench [indicators in the large snapshot] [rounds]
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <unordered_set>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/rng.h"
#include "bench/model/contest.h"
#include "intel/intel_snapshot.h"
#include "intel/snapshot_builder.h"

namespace winnow::bench {
namespace {

constexpr Timestamp kNow = Timestamp::from_seconds(1'750'000'000);
constexpr std::size_t kQuestions = 20'000;  // a round
constexpr std::size_t kAllQuestions =
    400'000;  // of the large set: no round finds its lines in a cache
constexpr std::size_t kSmall = 10'000;
constexpr double kHits = 0.01;

std::string host_name(Rng& rng) {  // about 35 bytes, three to five labels
  static constexpr std::string_view kTops[] = {"com", "net", "org", "co.uk", "de", "info"};
  std::string name;
  for (auto labels = 2 + rng.below(2); labels > 0; --labels) {
    for (auto letters = 8 + rng.below(8); letters > 0; --letters)
      name += static_cast<char>('a' + rng.below(26));
    name += '.';
  }
  return name.append(rng.pick(kTops));
}

struct Setting {
  std::vector<std::string> names;      // listed
  std::vector<std::string> questions;  // asked, a hundredth of them listed
  std::unordered_set<std::string> set;
  IntelSnapshot snapshot;
  std::vector<Observable> exact, domains;

  static Setting make(std::size_t size, bool with_set) {
    Rng rng(size);
    std::vector<std::string> names(size), questions(size > kSmall ? kAllQuestions : kQuestions);
    for (auto& name : names) name = host_name(rng);
    for (auto& question : questions)
      question = rng.chance(kHits) ? std::string(rng.pick(names)) : host_name(rng);
    const auto begin = std::chrono::steady_clock::now();
    SnapshotBuilder builder;
    Indicator one;
    one.source = "bench";
    one.labels = {"phishing"};
    for (const auto& name : names) {
      one.value = name;
      one.kind = IndicatorKind::Domain;
      builder.add(one);
      // One probe a question and no suffixes: what a hash set does too.
      if (size > kSmall) continue;
      one.kind = IndicatorKind::Url;
      builder.add(one);
    }
    auto bytes = std::move(builder).build().value();
    const auto built = std::chrono::steady_clock::now();
    const auto size_bytes = bytes.size();
    auto snapshot = IntelSnapshot::from_bytes(std::move(bytes)).value();
    const std::chrono::duration<double> building = built - begin,
                                        opening = std::chrono::steady_clock::now() - built;
    fmt::print(
        "{} names: {:.1f} MiB, {:.0f} bytes an indicator, compiled in {:.2f} s, opened and checked "
        "in {:.3f} s\n",
        size, static_cast<double>(size_bytes) / (1 << 20),
        static_cast<double>(size_bytes) / snapshot.indicator_count(), building.count(),
        opening.count());
    Setting setting{std::move(names), std::move(questions), {}, std::move(snapshot), {}, {}};
    if (with_set) setting.set.insert(setting.names.begin(), setting.names.end());
    for (const auto& question : setting.questions) {
      setting.exact.push_back({IndicatorKind::Url, question});
      setting.domains.push_back({IndicatorKind::Domain, question});
    }
    return setting;
  }

  std::size_t in_set() const {
    std::size_t hits = 0;
    for (const auto& question : questions) hits += set.contains(question) ? 1 : 0;
    return hits;
  }
  std::size_t suffixes_in_set() const {
    std::size_t hits = 0;
    std::string part;
    for (const auto& question : questions) {
      for (std::size_t begin = 0; begin != std::string::npos;) {
        part.assign(question, begin);
        hits += set.contains(part) ? 1 : 0;
        const auto dot = question.find('.', begin);
        begin = dot == std::string::npos ? dot : dot + 1;
      }
    }
    return hits;
  }
  // In events of `batch` observables.
  std::size_t in_snapshot(std::span<const Observable> asked, std::size_t batch) const {
    std::vector<IntelMatch> matches;
    std::size_t hits = 0;
    for (std::size_t begin = 0; begin < asked.size(); begin += batch) {
      matches.clear();
      snapshot.match(asked.subspan(begin, std::min(batch, asked.size() - begin)), kNow, matches);
      hits += matches.size();
    }
    return hits;
  }
};

// The cheapest that any hash table of this size can be: random cache lines, all known beforehand.
std::size_t touch_lines(const std::vector<std::uint64_t>& table,
                        std::span<const std::size_t> slots) {
  std::size_t sum = 0;
  for (std::size_t begin = 0; begin + 32 <= slots.size(); begin += 32) {
    for (std::size_t i = begin; i < begin + 32; ++i) __builtin_prefetch(&table[slots[i]]);
    for (std::size_t i = begin; i < begin + 32; ++i) sum += table[slots[i]];
  }
  return sum;
}

int run(std::size_t large_size, int rounds) {
  const auto small = Setting::make(kSmall, true);
  const auto large = Setting::make(large_size, false);
  ensure(small.in_set() == small.in_snapshot(small.exact, 1), "exact answers agree");
  ensure(small.suffixes_in_set() == small.in_snapshot(small.domains, 12),
         "answers on suffixes agree");

  Rng rng(1);
  std::vector<std::uint64_t> table(std::size_t{1} << 23, 1);
  std::size_t probes = 0;
  for (const auto& question : large.questions)
    probes += 1 + static_cast<std::size_t>(std::ranges::count(question, '.'));
  std::vector<std::size_t> slots(probes);
  for (auto& slot : slots) slot = rng.below(table.size());
  // Each round asks the next questions.
  std::size_t turn = 0;
  const auto next = [&](const auto& all) {
    const std::size_t rounds_in_all = kAllQuestions / kQuestions;
    const auto share = all.size() / rounds_in_all;
    return std::span(all).subspan((turn++ % rounds_in_all) * share, share);
  };
  volatile std::size_t sink = 0;
  Contest contest;
  const auto set =
      contest.add("unordered_set, 10 k, exact", kQuestions, 0, [&] { sink = small.in_set(); });
  contest.add("snapshot, 10 k, exact, one at a time", kQuestions, set,
              [&] { sink = small.in_snapshot(small.exact, 1); });
  contest.add("snapshot, 10 k, exact, 12 at a time", kQuestions, set,
              [&] { sink = small.in_snapshot(small.exact, 12); });
  const auto suffixes = contest.add("unordered_set, 10 k, every suffix", kQuestions, 3,
                                    [&] { sink = small.suffixes_in_set(); });
  contest.add("snapshot, 10 k, every suffix, 12 at a time", kQuestions, suffixes,
              [&] { sink = small.in_snapshot(small.domains, 12); });
  const auto floor = contest.add("floor: as many prefetched lines of 64 MiB", kQuestions, 5,
                                 [&] { sink = touch_lines(table, next(slots)); });
  contest.add(fmt::format("snapshot, {} k, every suffix, 1 at a time", large_size / 1000),
              kQuestions, floor, [&] { sink = large.in_snapshot(next(large.domains), 1); });
  contest.add(fmt::format("snapshot, {} k, every suffix, 12 at a time", large_size / 1000),
              kQuestions, floor, [&] { sink = large.in_snapshot(next(large.domains), 12); });
  contest.hold(rounds);
  return 0;
}

}  // namespace
}  // namespace winnow::bench

int main(int argc, char** argv) {
  const auto size = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 5'000'000ULL;
  return winnow::bench::run(size, argc > 2 ? std::atoi(argv[2]) : 9);
}
