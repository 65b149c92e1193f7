// What entity state costs, at a million entities and keys as skewed as users and hosts are:
//   state_bench [entities] [updates]
// 1. A windowed counter, beside the obvious std::unordered_map of the same ring, in rounds that
// take turns; then one counter of one entity at a time.
// 2. Events of four entities with five counters each, through FeatureSet::observe.
// 3. The same events on states in LMDB as the service keeps them, written at checkpoints; memory,
// disk, opening again.
#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <unordered_map>

#include <fmt/format.h>

#include "base/file.h"
#include "base/rng.h"
#include "features/feature_reading.h"
#include "features/feature_set.h"
#include "features/intelligence.h"
#include "features/stored_entity_states.h"

namespace winnow::bench {
namespace {

constexpr std::uint32_t kWindow_s = 3600;
constexpr std::size_t kBatch = 32;  // updates whose entities are known together

double now_us() {  // of this thread's processor time, so that a busy machine does not count
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

double wall_us() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

Timestamp second(std::uint64_t n) {
  return Timestamp::from_civil(2026, 3, 3) + std::chrono::seconds(n);
}

struct Update {
  std::uint32_t entity;
  std::uint32_t second;
};

// A tenth of the entities make nearly half of the traffic; neighbours in rank are strangers in
// memory.
std::vector<Update> make_updates(Rng& rng, std::size_t entities, std::size_t size) {
  std::vector<std::uint32_t> names(entities);
  for (std::size_t i = 0; i < entities; ++i) names[i] = static_cast<std::uint32_t>(i);
  rng.shuffle(std::span(names));
  std::vector<Update> updates(size);
  for (std::size_t i = 0; i < size; ++i) {
    const double u = rng.unit();
    const auto rank = static_cast<std::size_t>(u * u * u * static_cast<double>(entities));
    updates[i] = {names[rank], static_cast<std::uint32_t>(i * 7200 / size)};
  }
  return updates;
}

std::string name_of(std::uint32_t entity) { return fmt::format("user{}@corp.example", entity); }

// --- 1. one windowed counter ------------------------------------------------------------------

// What one writes first: the map of rings, by number or by text.
template <typename Key>
class Peer {
 public:
  void run(std::span<const Update> updates, std::span<const Key> keys) {
    for (std::size_t i = 0; i < updates.size(); ++i) {
      counters_.try_emplace(keys[i], kWindow_s).first->second.add(second(updates[i].second), 1);
    }
  }
  std::uint64_t within(const Key& key, Timestamp now) const {
    const auto found = counters_.find(key);
    return found == counters_.end() ? 0 : found->second.within(now, std::chrono::hours(1));
  }

 private:
  std::unordered_map<Key, WindowCounts> counters_;
};

class Ours {
 public:
  void run(std::span<const Update> updates, std::span<const StateKey> keys) {
    const std::vector<const EntityState*> empty(kBatch, &empty_);
    std::vector<EntityState*> states(kBatch);
    for (std::size_t from = 0; from < updates.size(); from += kBatch) {
      const auto size = std::min(kBatch, updates.size() - from);
      if (!states_.change(keys.subspan(from, size), empty, states)) std::abort();
      for (std::size_t i = 0; i < size; ++i) {
        std::get<WindowCounts>(states[i]->accumulators()[0])
            .add(second(updates[from + i].second), 1);
      }
    }
  }
  std::uint64_t within(const StateKey& key, Timestamp now) const {
    const auto state = states_.get(key).value();
    return state
               ? std::get<WindowCounts>(state->accumulators()[0]).within(now, std::chrono::hours(1))
               : 0;
  }
  std::size_t bytes() const { return states_.bytes(); }
  EntityStates& states() { return states_; }
  const EntityState& empty() const { return empty_; }

 private:
  EntityState empty_{{WindowCounts(kWindow_s)}};
  MemoryEntityStates states_;
};

// The keys of a stretch of updates in their order, as events bring them along.
struct Keys {
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> texts;
  std::vector<StateKey> keys;
  explicit Keys(std::span<const Update> updates) {
    for (const auto& update : updates) {
      numbers.push_back(update.entity * 0x9E3779B97F4A7C15);
      texts.push_back(name_of(update.entity));
      keys.push_back({"user", texts.back()});
    }
  }
};

// Reading the clock takes 0.4 us, so that some are timed together and others each.
struct Times {
  std::vector<double> us;  // of those timed each
  double together_us = 0;
  std::size_t together = 0;
  double checkpoints_us = 0;

  std::size_t events() const { return us.size() + together; }
};

void report(std::string_view what, Times& times, std::size_t states) {
  std::sort(times.us.begin(), times.us.end());
  const auto at = [&](double share) {
    return times.us[static_cast<std::size_t>(share * static_cast<double>(times.us.size() - 1))];
  };
  fmt::print(
      "  {:<30} {:>6.2f} us, checkpoints {:.2f} us; each p50 {:.2f}, p99 {:.2f}, p99.9 {:.2f}; {} "
      "states\n",
      what, times.together_us / static_cast<double>(times.together),
      times.checkpoints_us / static_cast<double>(times.events()), at(0.5), at(0.99), at(0.999),
      states);
}

constexpr std::size_t kStep = 512;  // events between two looks at what waits

// Every other step is timed together.
Status time_all(std::size_t size, Times& times, const std::function<Status(std::size_t)>& act) {
  double begin = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const bool each = i / kStep % 2 == 1;
    if (each || i % kStep == 0) begin = now_us();
    WINNOW_TRY(act(i));
    if (each) times.us.push_back(now_us() - begin);
    if (!each && (i % kStep == kStep - 1 || i + 1 == size)) {
      times.together_us += now_us() - begin;
      times.together += i % kStep + 1;
    }
  }
  return {};
}

// One counter of one entity at a time.
Status update_alone(std::span<const Update> updates, const EntityState& empty, EntityStates& states,
                    Times& times) {
  const Keys keys(updates);
  const EntityState* const if_new = &empty;
  return time_all(updates.size(), times, [&](std::size_t i) -> Status {
    EntityState* state = nullptr;
    WINNOW_TRY(states.change({&keys.keys[i], 1}, {&if_new, 1}, {&state, 1}));
    std::get<WindowCounts>(state->accumulators()[0]).add(second(updates[i].second), 1);
    return {};
  });
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare_counters(std::size_t entities, std::size_t size) {
  Rng rng(7);
  const auto updates = make_updates(rng, entities, size);
  Peer<std::uint64_t> by_number;
  Peer<std::string> by_text;
  Ours ours;
  const auto time = [&](auto& contender, std::span<const Update> some, const auto& keys) {
    const double begin = now_us();
    contender.run(some, keys);
    return (now_us() - begin) * 1000 / static_cast<double>(some.size());
  };
  // The first half makes the entities; of the rest, every stretch is a round for all three.
  std::vector<double> number_ns, text_ns, ours_ns, ratio;
  constexpr std::size_t kStretch = 250'000;
  for (std::size_t from = 0; from + kStretch <= size; from += kStretch) {
    const auto some = std::span<const Update>(updates).subspan(from, kStretch);
    const Keys keys(some);
    const auto of_number = time(by_number, some, std::span(keys.numbers));
    const auto of_text = time(by_text, some, std::span(keys.texts));
    const auto of_ours = time(ours, some, std::span(keys.keys));
    if (from < size / 2) continue;
    number_ns.push_back(of_number);
    text_ns.push_back(of_text);
    ours_ns.push_back(of_ours);
    ratio.push_back(of_text / of_ours);
  }
  std::size_t differences = 0;
  const auto now = second(7100);
  for (const auto& update : std::span(updates).first(size / 4)) {
    const Keys key({&update, 1});
    const auto sum = ours.within(key.keys[0], now);
    differences +=
        sum != by_number.within(key.numbers[0], now) || sum != by_text.within(key.texts[0], now);
  }
  fmt::print("windowed counter, {} entities, {} updates; {} sums differ\n", entities, size,
             differences);
  fmt::print("  std::unordered_map<uint64, ring>   {:>7.0f} ns\n", median(number_ns));
  fmt::print("  std::unordered_map<string, ring>   {:>7.0f} ns\n", median(text_ns));
  fmt::print(
      "  entity states, by text             {:>7.0f} ns, {:.1f}x ({:.1f}-{:.1f}), {:.0f} MB\n",
      median(ours_ns), median(ratio), *std::ranges::min_element(ratio),
      *std::ranges::max_element(ratio), static_cast<double>(ours.bytes()) / 1e6);
  Times alone;
  if (!update_alone(std::span(updates).last(kStretch), ours.empty(), ours.states(), alone))
    std::abort();
  report("one state alone", alone, entities);
}

// --- 2. and 3. events of four entities, five counters each --------------------------------------

constexpr std::string_view kFlows = R"(schema: winnow.feature_set/1
name: flows
attributes:
  user: text actor.user.name
  host: text device.hostname
  destination: text dst_endpoint.hostname
  bytes: number traffic.bytes
history:
  user: {key: [user], keep: {a: {count: 1, window: 1m}, b: {count: 1, window: 1h}, c: {count: 1, window: 1d}, d: {count: bytes, window: 1h}, e: {count: bytes, window: 30d}}}
  host: {key: [host], keep: {a: {count: 1, window: 1m}, b: {count: 1, window: 1h}, c: {count: 1, window: 1d}, d: {count: bytes, window: 1h}, e: {count: bytes, window: 30d}}}
  destination: {key: [destination], keep: {a: {count: 1, window: 1m}, b: {count: 1, window: 1h}, c: {count: 1, window: 1d}, d: {count: bytes, window: 1h}, e: {count: bytes, window: 30d}}}
  pair: {key: [host, destination], keep: {a: {count: 1, window: 1m}, b: {count: 1, window: 1h}, c: {count: 1, window: 1d}, d: {count: bytes, window: 1h}, e: {count: bytes, window: 30d}}}
)";

// In a temporary folder that ends with it.
class Folder {
 public:
  Folder() : name_((std::filesystem::temp_directory_path() / "state_bench.XXXXXX").string()) {
    if (::mkdtemp(name_.data()) == nullptr) std::abort();
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(name_, ignored);
  }
  Path path() const { return name_; }

 private:
  std::string name_;
};

// A user at a host, a destination: a quarter of the entities each, and their pairs.
std::vector<ocsf::Event> make_flows(Rng& rng, std::size_t entities, std::size_t size) {
  using ocsf::Attribute;
  std::vector<ocsf::Event> flows;
  const auto updates = make_updates(rng, entities / 4, 2 * size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto user = updates[2 * i].entity, destination = updates[2 * i + 1].entity;
    ocsf::EventBuilder builder(ocsf::ClassUid::EmailActivity, second(updates[2 * i].second),
                               Digest());
    builder.set(Attribute::of("actor.user.name"), name_of(user));
    builder.set(Attribute::of("device.hostname"), fmt::format("host{}.corp.example", user));
    builder.set(Attribute::of("dst_endpoint.hostname"), fmt::format("site{}.example", destination));
    builder.set(Attribute::of("traffic.bytes"), std::int64_t{1400});
    flows.push_back(std::move(builder).finish());
  }
  return flows;
}

Status observe_all(const FeatureSet& set, std::span<const ocsf::Event> flows, EntityStates& states,
                   Times& times) {
  const NoIntelligence nothing;
  FeatureReading reading(set);
  return time_all(flows.size(), times, [&](std::size_t i) -> Status {
    reading.turn_to(flows[i], nothing);
    WINNOW_TRY(reading.observe(flows[i].time(), states));
    return {};
  });
}

// As ServingStates does it: what is changed waits in the cache, and is written when it is much.
Status observe_durably(const FeatureSet& set, std::span<const ocsf::Event> flows, Lmdb& lmdb,
                       LmdbTable table, StateCache& cache, Times& times) {
  constexpr std::size_t kTogether = 4 * kStep, kCheckpoint = 16'384, kWaitingStates = 32'768;
  const auto fold = [&](std::span<const ocsf::Event> some) -> Status {
    WINNOW_TRY(const auto reader, lmdb.read());
    StoredEntityStates states(reader, table, cache, StoredEntityStates::Changeable());
    return observe_all(set, some, states, times);
  };
  const auto write = [&](LmdbWriter& writer) { return cache.write(writer, table); };
  std::size_t waiting = 0;
  for (std::size_t from = 0; from < flows.size(); from += kTogether) {
    const auto some = flows.subspan(from, std::min(kTogether, flows.size() - from));
    WINNOW_TRY(fold(some));
    waiting += some.size();
    const double begin = now_us();
    if (waiting >= kCheckpoint || cache.changed() >= kWaitingStates ||
        from + kTogether >= flows.size()) {
      WINNOW_TRY(lmdb.update(write));
      cache.committed();
      waiting = 0;
    } else {
      cache.rest();
    }
    times.checkpoints_us += now_us() - begin;
  }
  return {};
}

Status measure_events(std::size_t entities, std::size_t size) {
  const Folder folder;
  WINNOW_TRY(write_atomically(folder.path() / "set.yaml", kFlows));
  WINNOW_TRY(const auto set, FeatureSet::compile(folder.path() / "set.yaml"));
  Rng rng(11);
  constexpr std::size_t kStretch = 100'000;
  MemoryEntityStates memory;
  const Lmdb::Config config{.map_bytes = 1UL << 30, .durable_commits = false};
  std::optional<Lmdb> lmdb;
  WINNOW_TRY(lmdb, Lmdb::open(folder.path(), config));
  WINNOW_TRY(auto table, lmdb->table("states"));
  constexpr std::size_t kCap = 1UL << 30, kSmallCap = 256UL << 20;
  StateCache cache(kCap);
  Times in_memory, stored;
  for (std::size_t done = 0; done < size; done += kStretch) {
    const auto flows = make_flows(rng, entities, kStretch);
    if (done + kStretch >= size) in_memory = stored = {};  // the last stretch is what is told
    WINNOW_TRY(observe_all(set, flows, memory, in_memory));
    WINNOW_TRY(observe_durably(set, flows, *lmdb, table, cache, stored));
  }
  fmt::print("events of 4 entities with 5 windowed counters each, {} events\n", size);
  report("in memory", in_memory, memory.size());
  report("in LMDB, cache of 1 GiB", stored, cache.size());
  fmt::print("  in memory {:.0f} bytes a state; cache {:.0f} MB; on disk {:.0f} bytes a state\n",
             static_cast<double>(memory.bytes()) / static_cast<double>(memory.size()),
             static_cast<double>(cache.bytes()) / 1e6,
             static_cast<double>(std::filesystem::file_size(folder.path() / "data.mdb")) /
                 static_cast<double>(memory.size()));
  const auto flows = make_flows(rng, entities, 2000);
  std::size_t differences = 0;
  double begin = wall_us();
  lmdb.reset();
  WINNOW_TRY(lmdb, Lmdb::open(folder.path(), config));
  WINNOW_TRY(table, lmdb->table("states"));
  StateCache small(kSmallCap);
  {
    WINNOW_TRY(const auto reader, lmdb->read());
    const StoredEntityStates states(reader, table, small);
    WINNOW_TRY(set.slice(flows[0], states));
    fmt::print("  opened again, first event answered after {:.1f} ms\n",
               (wall_us() - begin) / 1000);
    for (const auto& flow : flows) {
      WINNOW_TRY(const auto kept, set.slice(flow, states));
      WINNOW_TRY(const auto truth, set.slice(flow, memory));
      differences += kept == truth ? 0 : 1;
    }
  }
  Times cold;
  WINNOW_TRY(observe_durably(set, flows, *lmdb, table, small, cold));
  report("in LMDB, cold", cold, small.size());
  fmt::print("  {} of {} slices differ from those in memory\n", differences, flows.size());
  return {};
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const std::size_t entities = count > 1 ? std::stoul(arguments[1]) : 1'000'000;
  const std::size_t updates = count > 2 ? std::stoul(arguments[2]) : 4'000'000;
  winnow::bench::compare_counters(entities, updates);
  const auto status = winnow::bench::measure_events(entities, updates / 4);
  if (!status) fmt::print(stderr, "{}\n", status.error().text());
  return status ? 0 : 1;
}
