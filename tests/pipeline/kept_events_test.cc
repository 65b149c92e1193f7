// What a bundle cannot read waits for one that can, and is then decided once, behind what is
// stored, whatever crashes in between.
#include <map>

#include <fmt/format.h>

#include "pipeline/decider.h"
#include "tests/pipeline/deciding_stores.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::for_each_seed;

// A set with another `window` has another history.
std::string features_of(int window) {
  return fmt::format(R"yaml(schema: winnow.feature_set/1
name: small
attributes: {{source: text src_endpoint.ip, target: text dst_endpoint.ip}}
history:
  target:
    key: [target]
    keep:
      events: {{count: 1, bucket: 1h, buckets: {}}}
      phishing: {{verdict: phishing, bucket: 1d, buckets: 30}}
groups: {{all: {{title: All, view: all, missing: nothing is known}}}}
features:
  - {{name: reached, group: all, unit: count, meaning: Events there., value: "total(target.events)", high: many, low: few}}
  - {{name: phishing, group: all, unit: count, meaning: Phishing there., value: "total(target.phishing)", high: many, low: few}}
)yaml",
                     window);
}

constexpr std::string_view kPolicy = R"yaml(policy: small
routes: [{route: close, from: 0}]
second_stage: [{rule: busy, when: ["reached >= 9"], route: queue, says: it is busy}]
otherwise: close
explain: {from: 0, reasons: 2}
model_deadline: 600s
)yaml";

// Reads {"at", "from", "to"} of records of its kind.
Mapping mapping_of(std::string_view name, std::string_view from = "from") {
  const auto yaml = fmt::format(R"yaml(mapping: {0}
title: {0}
domain: network
format: json
product: {{name: {0}, vendor: Example}}
recognise: {{has: [{0}]}}
time: {{from: at, as: seconds}}
events:
  - event: flow
    class: network_activity
    set:
      activity_id: =6
      severity_id: =1
      src_endpoint.ip: {{from: {1}, required: true}}
      dst_endpoint.ip: to
)yaml",
                                name, from);
  return Mapping::compile(Yaml::parse(yaml, "mapping").value()).value();
}

std::shared_ptr<const BundleRuntime> bundle_of(std::string name, std::vector<Mapping> mappings,
                                               int window = 9) {
  const testing::TemporaryFolder folder;
  EXPECT_OK(write_atomically(folder / "set.yaml", features_of(window)));
  auto features = FeatureSet::compile(folder / "set.yaml").value();
  std::vector<std::string> names;
  for (const auto& feature : features.features()) names.push_back(feature.name);
  auto policy = Policy::compile(Yaml::parse(kPolicy, "policy").value(), names).value();
  auto pipeline = Pipeline::create({.bundle = sha256(name),
                                    .features = std::move(features),
                                    .model = nullptr,
                                    .intel = nullptr,
                                    .policy = std::move(policy)})
                      .value();
  return std::make_shared<const BundleRuntime>(BundleRuntime{
      BundleId(name), DomainMapping::of_logs(Domain::Network, std::move(mappings)).value(),
      std::move(pipeline)});
}

const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9);

struct Arrival {
  std::string mapping, raw;
  Digest digest;
};

// The `number` makes it another record.
Arrival arrival_of(std::string mapping, int number, int target, std::string_view from = "from") {
  auto raw = fmt::format(R"({{"{}":{},"at":{},"{}":"10.0.0.{}","to":"192.0.2.{}"}})", mapping,
                         number, Timestamp::from_civil(2026, 3, 4, 8).seconds() + number % 3'600,
                         from, number % 250, target);
  const auto digest = sha256(raw);
  return {std::move(mapping), std::move(raw), digest};
}

// An event log, and states and decisions that may crash.
class Soc {
 public:
  void use(std::shared_ptr<const BundleRuntime> bundle) {
    crash();
    bundle_ = std::move(bundle);
  }
  void crash() { stores_.reset(); }
  // As a service does: the states are kept.
  void promote(std::shared_ptr<const BundleRuntime> bundle) {
    ASSERT_OK(states().checkpoint());
    use(std::move(bundle));
  }
  Decider& decider() { return stores().decider; }
  ServingStates& states() { return stores().states; }
  DecisionStore& decisions() { return stores().decisions; }

  void append(std::span<const Arrival> arrivals, Label label = Label::None) {
    std::vector<NewEvent> events;
    for (const auto& arrival : arrivals) {
      events.push_back({.form = RecordForm::LogJson,
                        .mapping = arrival.mapping,
                        .raw = arrival.raw,
                        .digest = arrival.digest,
                        .event_time = kNow,
                        .received_time = kNow,
                        .source = "probe",
                        .label = label,
                        .label_origin = label == Label::None ? "" : "test"});
    }
    ASSERT_OK(log.append(events));
  }
  std::size_t decide(std::span<const Arrival> arrivals) {
    std::vector<Digest> wanted;
    for (const auto& arrival : arrivals) wanted.push_back(arrival.digest);
    const auto decided = decider().decide(wanted, progress_);
    EXPECT_OK(decided);
    return decided ? decided->size() : 0;
  }
  void decide_kept(std::size_t most = 5) {
    for (;;) {
      const auto more = decider().decide_kept(most, [](const DecisionRecord&) {});
      ASSERT_OK(more);
      if (!*more) return;
    }
  }
  // Everything that was decided, by event: each once.
  std::map<std::string, std::string> all() {
    std::map<std::string, std::string> all;
    for (const auto& record : decisions().list({.limit = 100'000}).value()) {
      const bool is_first =
          all.emplace(record.decision.event.hex(), record.decision.bytes()).second;
      EXPECT_TRUE(is_first) << "decided twice";
    }
    return all;
  }

  const testing::TemporaryFolder folder;
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();

 private:
  testing::DecidingStores& stores() {
    if (!stores_) stores_.emplace(bundle_, log, folder.path(), clock_);
    return *stores_;
  }
  FixedClock clock_{kNow};
  NoProgress progress_;
  std::shared_ptr<const BundleRuntime> bundle_;
  std::optional<testing::DecidingStores> stores_;
};

std::shared_ptr<const BundleRuntime> narrow() { return bundle_of("narrow", {mapping_of("old")}); }
std::shared_ptr<const BundleRuntime> wide(int window = 9) {
  return bundle_of("wide", {mapping_of("old"), mapping_of("fresh")}, window);
}

// What is decided of a log by a bundle that reads all of it, as it comes.
std::map<std::string, std::string> reference(std::span<const std::vector<Arrival>> batches,
                                             int window = 9) {
  Soc soc;
  soc.use(wide(window));
  for (const auto& batch : batches) {
    soc.append(batch);
    EXPECT_EQ(soc.decide(batch), batch.size());
  }
  return soc.all();
}

// The first of each pair of mappings is read by the narrow bundle too.
std::vector<Arrival> some_of(Rng& rng, int& number, std::string_view mapping, std::size_t most) {
  std::vector<Arrival> arrivals;
  for (auto left = 1 + rng.below(most); left > 0; --left)
    arrivals.push_back(arrival_of(std::string(mapping), number++, static_cast<int>(rng.below(4))));
  return arrivals;
}

TEST(KeptEvents, AreDecidedBehindWhatIsStoredAsIfTheyCameThen) {
  for_each_seed(4, [&](Rng& rng) {
    Soc soc;
    soc.use(narrow());
    std::vector<Arrival> kept;
    std::vector<std::vector<Arrival>> readable;
    int number = 0;
    for (int i = 0; i < 12; ++i) {
      auto old = some_of(rng, number, "old", 6);
      auto fresh = some_of(rng, number, "fresh", 6);
      std::vector<Arrival> batch = old;
      batch.insert(batch.end(), fresh.begin(), fresh.end());
      kept.insert(kept.end(), fresh.begin(), fresh.end());
      readable.push_back(std::move(old));
      soc.append(batch);
      EXPECT_EQ(soc.decide(batch), readable.back().size());
      // A kill forgets nothing: who was not answered asks again, about what is known now.
      if (rng.chance(0.3)) {
        soc.crash();
        EXPECT_EQ(soc.decide(batch), readable.back().size());
      }
    }
    EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", kept.size()}}));
    const auto before = soc.all().size();
    soc.decide_kept();
    EXPECT_EQ(soc.all().size(), before) << "this bundle reads none of them";

    soc.promote(wide());
    for (bool more = true; more;) {
      const auto turn = soc.decider().decide_kept(1 + rng.below(7), [](const DecisionRecord&) {});
      ASSERT_OK(turn);
      more = *turn;
      if (!rng.chance(0.3)) continue;
      soc.crash();
      more = true;
    }
    EXPECT_TRUE(soc.states().kept().empty());
    readable.push_back(kept);
    auto after = some_of(rng, number, "fresh", 9);
    soc.append(after);
    EXPECT_EQ(soc.decide(after), after.size());
    readable.push_back(std::move(after));
    // What the narrow bundle decided bears its name; whatever came behind is the same in each bit.
    const auto expected = reference(readable);
    const auto all = soc.all();
    EXPECT_EQ(all.size(), expected.size());
    for (std::size_t i = readable.size() - 2; i < readable.size(); ++i) {
      for (const auto& arrival : readable[i])
        EXPECT_EQ(all.at(arrival.digest.hex()), expected.at(arrival.digest.hex()));
    }
  });
}

TEST(KeptEvents, OfOtherStatesAreDecidedAtTheirOwnPlace) {
  Rng rng(3);
  Soc soc;
  soc.use(narrow());
  int number = 0;
  std::vector<std::vector<Arrival>> batches;
  for (int i = 0; i < 9; ++i) {
    batches.push_back(some_of(rng, number, i % 2 == 0 ? "old" : "fresh", 9));
    soc.append(batches.back());
    (void)soc.decide(batches.back());
  }
  ASSERT_OK(soc.states().checkpoint());
  const auto before = soc.all();
  soc.use(wide(7));
  soc.decide_kept();
  const auto expected = reference(batches, 7);
  const auto all = soc.all();
  EXPECT_EQ(all.size(), expected.size());
  for (const auto& [event, decision] : all) {
    if (before.contains(event)) continue;
    EXPECT_EQ(decision, expected.at(event));
  }
}

// A promotion may decide as many as a log holds: they do not pile up until somebody hands them
// over.
TEST(KeptEvents, OfALongPastAreHandedOverOnTheWay) {
  Soc soc;
  soc.use(narrow());
  std::vector<Arrival> past;
  for (int i = 0; i < static_cast<int>(4 * Decider::kBatch); ++i)
    past.push_back(arrival_of("fresh", i, i % 4));
  soc.append(past);
  EXPECT_EQ(soc.decide(past), 0U);
  soc.use(wide(7));
  soc.decider().hand_over_later();
  NoProgress progress;
  ASSERT_OK(soc.decider().decide_each({}, progress, [](const DecisionRecord&) {}));
  EXPECT_GE(soc.all().size(), 3 * Decider::kBatch);
  ASSERT_OK(soc.decider().hand_over());
  EXPECT_EQ(soc.all().size(), past.size());
}

// The states fall back to their checkpoint, and find what was kept at its place again.
TEST(KeptEvents, ThatNoCheckpointKnowsAreDecidedOnceToo) {
  for_each_seed(4, [&](Rng& rng) {
    Soc soc;
    soc.use(narrow());
    int number = 0;
    std::size_t came = 0;
    for (int i = 0; i < 9; ++i) {
      auto batch = some_of(rng, number, "old", 5);
      for (auto& one : some_of(rng, number, "fresh", 5)) batch.push_back(std::move(one));
      soc.append(batch);
      (void)soc.decide(batch);
      came += batch.size();
      if (rng.chance(0.2)) ASSERT_OK(soc.states().checkpoint());
    }
    soc.use(wide());
    soc.decide_kept(3);
    if (rng.chance(0.5)) soc.crash();
    EXPECT_EQ(soc.all().size(), came);
    EXPECT_TRUE(soc.states().kept().empty());
    // Four targets were reached by all that came: nothing counts twice, nothing is missing.
    double reached = 0;
    for (int target = 0; target < 4; ++target) {
      const std::vector probe{arrival_of("old", number++, target)};
      soc.append(probe);
      EXPECT_EQ(soc.decide(probe), 1U);
      const auto features = wide()->pipeline.features();
      const auto found =
          soc.decisions().find(probe.front().digest, wide()->pipeline.bundle()).value();
      ASSERT_TRUE(found);
      reached += found->decision.features.at(0);
    }
    EXPECT_EQ(reached, static_cast<double>(came));
  });
}

TEST(KeptEvents, OfAChangedMappingWait) {
  Soc soc;
  soc.use(bundle_of("narrow", {mapping_of("old"), mapping_of("fresh")}));
  const std::vector renamed{arrival_of("fresh", 1, 1, "source"), arrival_of("old", 2, 1)};
  soc.append(renamed);
  EXPECT_EQ(soc.decide(renamed), 1U);
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.promote(bundle_of("mended", {mapping_of("old"), mapping_of("fresh", "source")}));
  soc.decide_kept();
  EXPECT_TRUE(soc.states().kept().empty());
  EXPECT_EQ(soc.all().size(), 2U);
}

// Asked about while they wait, they are decided then and there, and become part of the states.
TEST(KeptEvents, ThatSomebodyAsksAboutAreDecidedFirst) {
  Soc soc;
  soc.use(narrow());
  const std::vector kept{arrival_of("fresh", 1, 1), arrival_of("fresh", 2, 1)};
  soc.append(kept);
  EXPECT_EQ(soc.decide(kept), 0U);
  soc.promote(wide());
  EXPECT_EQ(soc.decide(std::span(kept).last(1)), 1U);
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.decide_kept();
  EXPECT_EQ(soc.decide(kept), 2U);
  EXPECT_EQ(soc.all().size(), 2U);
}

// What came as history, and is asked about later, may be part of the states already.
TEST(KeptEvents, OfWhichNobodyKnowsAreNotCounted) {
  Soc soc;
  soc.use(narrow());
  const std::vector history{arrival_of("fresh", 1, 1)};
  soc.append(history);
  EXPECT_EQ(soc.decide({}), 0U);
  EXPECT_EQ(soc.decide(history), 0U);
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.promote(wide());
  soc.decide_kept();
  const std::vector next{arrival_of("fresh", 2, 1)};
  soc.append(next);
  EXPECT_EQ(soc.decide(next), 1U);
  const auto found = soc.decisions().find(next.front().digest, wide()->pipeline.bundle()).value();
  EXPECT_EQ(found->decision.features.at(0), 0.0);
}

TEST(KeptEvents, BringTheVerdictThatWasGivenMeanwhileOnce) {
  for (const bool with_the_event : {true, false}) {
    for (const bool behind_the_promotion : {false, true}) {
      SCOPED_TRACE(fmt::format("{} {}", with_the_event, behind_the_promotion));
      Soc soc;
      soc.use(narrow());
      const std::vector kept{arrival_of("fresh", 1, 1)};
      soc.append(kept, with_the_event ? Label::Phish : Label::None);
      EXPECT_EQ(soc.decide(kept), 0U);
      if (behind_the_promotion) soc.promote(wide());
      if (!with_the_event) soc.append(kept, Label::Phish);
      EXPECT_EQ(soc.decide({}), 0U);
      soc.promote(wide());
      soc.decide_kept();
      const std::vector next{arrival_of("fresh", 2, 1)};
      soc.append(next);
      EXPECT_EQ(soc.decide(next), 1U);
      const auto bundle = wide()->pipeline.bundle();
      EXPECT_EQ(soc.decisions().find(kept.front().digest, bundle).value()->decision.features.at(1),
                0.0);
      EXPECT_EQ(soc.decisions().find(next.front().digest, bundle).value()->decision.features.at(1),
                1.0);
    }
  }
}

TEST(KeptEvents, WhoseBytesWereRemovedWaitNoLonger) {
  Soc soc;
  soc.use(narrow());
  const std::vector kept{arrival_of("fresh", 1, 1), arrival_of("fresh", 2, 1)};
  soc.append(kept);
  EXPECT_EQ(soc.decide(kept), 0U);
  ASSERT_OK(soc.log.remove({&kept.front().digest, 1}, {.at = kNow, .rule = "a test"}));
  soc.crash();
  soc.decide_kept();
  EXPECT_EQ(soc.states().kept(), (KeptCounts{{"fresh", 1}}));
  soc.promote(wide());
  soc.decide_kept();
  EXPECT_TRUE(soc.states().kept().empty());
  EXPECT_EQ(soc.all().size(), 1U);
}

}  // namespace
}  // namespace winnow
