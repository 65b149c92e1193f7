// Features over time on streams of logons, late and early ones among them: what is read offline is
// what was served, and nothing of the future.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "tests/features/small_sets.h"

namespace winnow {
namespace {

constexpr std::string_view kLogons = R"(schema: winnow.feature_set/1
name: logons
attributes:
  user: text actor.user.name
  host: text device.hostname
  department: text actor.user.org.name
  program: text process.name
  port: number dst_endpoint.port
  bytes: number traffic.bytes
history:
  user:
    key: [user]
    keep:
      seen: {seen: true}
      logons_1m: {count: 1, window: 1m}
      logons_30d: {count: 1, window: 30d}
      bytes_1h: {count: bytes, window: 1h}
      hosts_1d: {distinct: host, window: 1d}
      programs: {frequency: program}
      by_hour: {count: 1, bucket: 1h, buckets: 168}
  pair:
    key: [user, host]
    keep: {seen: {seen: true}, beats: {arrivals: true}, ports: {distinct: as_text(port)}}
  department:
    key: [department]
    keep: {logons_1h: {count: 1, window: 1h}, users: {distinct: user, window: 1h}}
groups: {all: {title: All, missing: nothing is known}}
features:
)";

constexpr const char* kValues[] = {
    "within(user.logons_1m, 1m)",
    "within(user.logons_30d, 30d)",
    "rate(user.bytes_1h, 10m)",
    "different(user.hosts_1d, 12h)",
    "rarity(user.programs, program)",
    "occurrences(user.programs, program) / observed(user.programs)",
    "entropy(user.programs)",
    "above_usual(user.by_hour, 7d)",
    "deviation(user.by_hour, 7d)",
    "given(was_seen(pair.seen), days_since_last(pair.seen))",
    "period(pair.beats)",
    "regularity(pair.beats)",
    "gap_skew(pair.beats)",
    "size(pair.beats)",
    "different(pair.ports)",
    "within(user.logons_30d, 1d) / usual(user.by_hour, 7d)",
    "within(user.logons_30d, 1h) / (within(department.logons_1h, 1h) / different(department.users, "
    "1h))",
};

FeatureSet logon_features() {
  auto yaml = std::string(kLogons);
  for (std::size_t i = 0; i < std::size(kValues); ++i) {
    yaml += fmt::format(
        "  - {{name: f{}, group: all, unit: number, meaning: It., value: '{}', high: h, low: l}}\n",
        i, kValues[i]);
  }
  auto set = compile_text(yaml);
  EXPECT_OK(set);
  return std::move(set).value();
}

struct Logon {
  Timestamp at, known_at;
  std::string user, host, program;
  std::int64_t port, bytes;
};

ocsf::Event event_of(const Logon& logon) {
  using ocsf::Attribute;
  ocsf::EventBuilder builder(ocsf::ClassUid::EmailActivity, logon.at, Digest());
  builder.set(Attribute::of("actor.user.name"), std::string_view(logon.user));
  builder.set(Attribute::of("actor.user.org.name"), "finance");
  builder.set(Attribute::of("device.hostname"), std::string_view(logon.host));
  builder.set(Attribute::of("process.name"), std::string_view(logon.program));
  builder.set(Attribute::of("dst_endpoint.port"), logon.port);
  builder.set(Attribute::of("traffic.bytes"), logon.bytes);
  return std::move(builder).finish();
}

// In the order of arrival: most within seconds, some hours late, some with clocks years off.
std::vector<Logon> random_stream(Rng& rng, int size) {
  std::vector<Logon> stream;
  auto arrival = day(0);
  for (int i = 0; i < size; ++i) {
    arrival = arrival + std::chrono::seconds(rng.below(1200));
    auto at = arrival - std::chrono::seconds(rng.below(5));
    if (rng.chance(0.1)) at = arrival - std::chrono::minutes(rng.below(600));
    if (rng.chance(0.03)) at = arrival + std::chrono::hours(24 * 365 * 3);
    if (rng.chance(0.03)) at = arrival - std::chrono::hours(24 * 365 * 3);
    stream.push_back({at, arrival, fmt::format("u{}", rng.below(3)),
                      fmt::format("h{}", rng.below(4)), fmt::format("p{}", rng.below(5)),
                      static_cast<std::int64_t>(rng.below(9)),
                      static_cast<std::int64_t>(rng.below(100'000))});
  }
  return stream;
}

// The states of all entities of a stream, as one text.
std::string states_of(const FeatureSet& set, const std::vector<Logon>& stream) {
  MemoryEntityStates states;
  for (const auto& logon : stream) EXPECT_OK(set.observe(event_of(logon), logon.known_at, states));
  std::string all;
  for (int user = 0; user < 3; ++user) {
    for (int host = 0; host < 4; ++host) {
      const Logon asked{day(0), day(0), fmt::format("u{}", user), fmt::format("h{}", host), "",
                        0,      0};
      all += set.slice(event_of(asked), states).value().bytes();
    }
  }
  return all;
}

TEST(EntityHistory, OfflineIsBitEqualToServing) {
  testing::for_each_seed(10, [](Rng& rng) {
    const auto set = logon_features();
    const auto offline = FeatureSet::from_canonical(set.canonical()).value();
    MemoryEntityStates states;
    for (const auto& logon : random_stream(rng, 150)) {
      const auto event = event_of(logon);
      const auto slice = set.slice(event, states).value();
      const auto served = set.read(event, slice, NoIntelligence());
      EXPECT_EQ(set.read(event, states, NoIntelligence()).value(), served);
      const auto stored = StateSlice::from_bytes(slice.bytes());
      ASSERT_OK(stored);
      EXPECT_EQ(offline.read(event, *stored, NoIntelligence()).bytes(), served.bytes());
      ASSERT_OK(set.observe(event, logon.known_at, states));
    }
  });
}

TEST(EntityHistory, IsTheSameInWhateverOrderEventsCome) {
  testing::for_each_seed(10, [](Rng& rng) {
    const auto set = logon_features();
    auto stream = random_stream(rng, 150);
    const auto as_they_came = states_of(set, stream);
    rng.shuffle(std::span(stream));
    EXPECT_EQ(states_of(set, stream), as_they_came);
    std::stable_sort(stream.begin(), stream.end(),
                     [](const Logon& a, const Logon& b) { return a.at < b.at; });
    EXPECT_EQ(states_of(set, stream), as_they_came) << "as training replays them";
  });
}

TEST(EntityHistory, NeverLooksAhead) {
  testing::for_each_seed(10, [](Rng& rng) {
    const auto set = logon_features();
    const auto stream = random_stream(rng, 120);
    const auto cut = 1 + rng.below(stream.size() - 1);
    const auto vectors = [&](const std::vector<Logon>& events) {
      MemoryEntityStates states;
      std::vector<FeatureVector> out;
      for (const auto& logon : events) {
        if (out.size() < cut)
          out.push_back(set.read(event_of(logon), states, NoIntelligence()).value());
        EXPECT_OK(set.observe(event_of(logon), logon.known_at, states));
      }
      return out;
    };
    auto other_future = stream;
    for (std::size_t i = cut; i < stream.size(); ++i) {
      other_future[i].user = "u0";
      other_future[i].at = stream[0].at;
    }
    EXPECT_EQ(vectors(stream), vectors(other_future));
    EXPECT_EQ(vectors(stream), vectors({stream.begin(), stream.begin() + static_cast<long>(cut)}));
  });
}

TEST(EntityHistory, LateEventsCountWithinTheBoundAndAreCountedBeyondIt) {
  const auto set = logon_features();
  MemoryEntityStates states;
  const auto logon = [&](Duration after, Duration known) {
    const Logon it{day(9) + after, day(9) + known, "u0", "h0", "p0", 443, 1000};
    return set.observe(event_of(it), it.known_at, states).value();
  };
  const auto minutes = [](int n) { return Duration(std::chrono::minutes(n)); };
  const auto bytes_of_the_hour = [&] {
    const Logon now{day(9) + minutes(60), day(9) + minutes(60), "u0", "h0", "p0", 443, 0};
    return set.read(event_of(now), states, NoIntelligence())->values[2] * 600;
  };
  EXPECT_FALSE(logon(minutes(60), minutes(60)).late);
  EXPECT_FLOAT_EQ(bytes_of_the_hour(), 1000);
  EXPECT_TRUE(logon(minutes(57), minutes(62)).late) << "for the window of a minute";
  EXPECT_FLOAT_EQ(bytes_of_the_hour(), 2000) << "and counted in the window of an hour";
  EXPECT_TRUE(logon(minutes(-60 * 24 * 365), minutes(63)).late);
  EXPECT_FLOAT_EQ(bytes_of_the_hour(), 2000);
}

TEST(EntityHistory, AClockThatRunsYearsAheadCountsAsOfItsArrival) {
  const auto set = logon_features();
  MemoryEntityStates states;
  const auto value = [&](std::size_t feature) {
    const Logon now{day(9), day(9), "u0", "h0", "p0", 443, 0};
    return set.read(event_of(now), states, NoIntelligence())->values[feature];
  };
  const Logon ahead{day(9) + std::chrono::hours(24 * 365 * 70), day(9), "u0", "h0", "p0", 443, 600};
  const auto observed = set.observe(event_of(ahead), ahead.known_at, states);
  ASSERT_OK(observed);
  EXPECT_TRUE(observed->ahead);
  EXPECT_EQ(value(2), 1) << "600 bytes in ten minutes";
  const Logon right{day(9), day(9), "u0", "h0", "p0", 443, 600};
  EXPECT_FALSE(set.observe(event_of(right), right.known_at, states)->late);
  EXPECT_EQ(value(2), 2);
  EXPECT_EQ(value(1), 2) << "logons in 30 days";
}

TEST(EntityHistory, IsMissingWhereNothingIsNamed) {
  const auto set = logon_features();
  const auto nobody = ocsf::EventBuilder(ocsf::ClassUid::EmailActivity, day(0), Digest()).finish();
  const auto values = set.read(nobody, MemoryEntityStates(), NoIntelligence())->values;
  EXPECT_TRUE(std::ranges::all_of(values, [](float value) { return std::isnan(value); }));
}

TEST(EntityHistory, AWindowIsAskedForWhatItHolds) {
  const auto refused = [](std::string_view value) {
    const auto set = compile_text(
        fmt::format("{}  - {{name: it, group: all, unit: number, meaning: It., value: '{}', high: "
                    "h, low: l}}\n",
                    kLogons, value));
    return set ? std::string() : set.error().text();
  };
  EXPECT_NE(refused("within(user.logons_1m, 5m)").find("'user.logons_1m' has a window of 60 s"),
            std::string::npos);
  EXPECT_NE(refused("different(user.hosts_1d, 2d)").find("window of 86400 s"), std::string::npos);
  EXPECT_EQ(refused("different(user.hosts_1d, 1d)"), "");
}

}  // namespace
}  // namespace winnow
