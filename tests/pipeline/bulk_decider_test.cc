// Domains of many events: their states reach the disk at checkpoints, their closed decisions in
// packs, and a crash anywhere changes nothing.
#include <map>

#include <fmt/format.h>

#include "pipeline/decider.h"
#include "tests/pipeline/deciding_stores.h"
#include "tests/pipeline/small_network.h"
#include "tests/support/support.h"

namespace winnow {
namespace {

using testing::for_each_seed;

constexpr std::string_view kFeatures = R"yaml(schema: winnow.feature_set/1
name: small
attributes: {source: text src_endpoint.ip, target: text dst_endpoint.ip}
history:
  source:
    key: [source]
    keep:
      events: {count: 1, window: 1h}
      targets: {distinct: target, window: 1h}
  target: {key: [target], keep: {seen: {seen: true}, events: {count: 1, bucket: 1h, buckets: 9}}}
groups: {all: {title: All, view: all, missing: nothing is known}}
features:
  - {name: events, group: all, unit: count, meaning: Events., value: "within(source.events, 1h)", high: many, low: few}
  - {name: targets, group: all, unit: count, meaning: Targets., value: "different(source.targets, 1h)", high: many, low: few}
  - {name: reached, group: all, unit: count, meaning: Events there., value: "total(target.events)", high: many, low: few}
)yaml";

constexpr std::string_view kPolicy = R"yaml(policy: small
routes: [{route: close, from: 0}]
second_stage: [{rule: busy, when: ["events >= 30"], route: queue, says: it is busy}]
otherwise: close
explain: {from: 0, reasons: 3}
model_deadline: 600s
)yaml";

std::shared_ptr<const BundleRuntime> network_bundle() {
  const auto content = testing::source_folder() / "content/mappings/suricata.yaml";
  return testing::network_bundle("network", kFeatures, kPolicy,
                                 {Mapping::compile(Yaml::read(content.string()).value()).value()});
}

std::string flow(Rng& rng, int second) {
  return fmt::format(
      R"({{"timestamp":"2026-03-04T08:{:02}:{:02}.{:06}+0000","flow_id":{},"event_type":"flow","src_ip":"10.0.0.{}","src_port":4000,"dest_ip":"192.0.2.{}","dest_port":443,"proto":"TCP","flow":{{"pkts_toserver":1,"pkts_toclient":1,"bytes_toserver":60,"bytes_toclient":60,"start":"2026-03-04T08:00:00.000000+0000","end":"2026-03-04T08:00:01.000000+0000","age":1,"state":"closed"}}}})",
      second / 60 % 60, second % 60, rng.below(1'000'000), rng.next() >> 1, rng.below(12),
      rng.below(30));
}

// Everything that was decided, by id.
std::map<std::string, std::string> all_of(DecisionStore& decisions) {
  std::map<std::string, std::string> all;
  const auto listed = decisions.list({.limit = 100'000}).value();
  for (const auto& record : listed)
    all.emplace(record.decision.id().hex(), record.decision.bytes());
  EXPECT_EQ(all.size(), listed.size()) << "none stands there twice";
  return all;
}

TEST(BulkDecider, ACrashAnywhereEndsInTheSameStatesAndDecisions) {
  const auto bundle = network_bundle();
  for_each_seed(6, [&](Rng& rng) {
    const testing::TemporaryFolder folder;
    FixedClock clock(Timestamp::from_civil(2026, 3, 4, 9));
    auto log = EventLog::open(folder / "events", Access::ReadWrite).value();
    std::filesystem::create_directories(folder / "calm");
    std::filesystem::create_directories(folder / "crashing");
    std::optional<testing::DecidingStores> calm, crashing;
    calm.emplace(bundle, log, folder / "calm", clock);
    const bool later = rng.chance(0.5);  // whether what is decided waits to be handed over
    const auto reopen = [&] {
      crashing.reset();
      crashing.emplace(bundle, log, folder / "crashing", clock);
      if (later) crashing->decider.hand_over_later();
    };
    reopen();
    NoProgress progress;
    std::vector<Digest> block;
    for (int second = 0; second < 900;) {
      std::vector<std::string> lines;
      for (auto size = 1 + rng.below(60); size > 0; --size) lines.push_back(flow(rng, second++));
      std::vector<NewEvent> events;
      block.clear();
      for (const auto& line : lines) {
        const auto digest = sha256(line);
        block.push_back(digest);
        events.push_back({.form = RecordForm::LogJson,
                          .mapping = "suricata",
                          .raw = line,
                          .digest = digest,
                          .event_time = clock.now(),
                          .received_time = clock.now(),
                          .source = "ids"});
      }
      ASSERT_OK(log.append(events));
      ASSERT_OK(calm->decider.decide(block, progress));
      if (rng.chance(0.2)) ASSERT_OK(crashing->states.checkpoint());
      if (rng.chance(0.8)) ASSERT_OK(crashing->decider.decide(block, progress));
      if (rng.chance(0.2)) ASSERT_OK(crashing->decider.hand_over());
      if (rng.chance(0.2)) ASSERT_OK(crashing->states.checkpoint_at_leisure());
      if (rng.chance(0.3)) reopen();
      // What nobody was answered about is asked again, with what was.
      const auto again = crashing->decider.decide(block, progress);
      ASSERT_OK(again);
      EXPECT_EQ(again->size(), block.size());
    }
    ASSERT_OK(crashing->decider.hand_over());
    const auto expected = all_of(calm->decisions);
    EXPECT_EQ(all_of(crashing->decisions), expected);
    EXPECT_EQ(crashing->states.late(), calm->states.late());
    EXPECT_EQ(crashing->states.observed_through(), calm->states.observed_through());
    const auto found = calm->decisions.list({.route = Route::Queue, .limit = 100'000});
    EXPECT_FALSE(found->empty());
    EXPECT_LT(found->size(), expected.size());
  });
}

TEST(BulkDecider, StatesWaitForACheckpointAndDecisionsDoNot) {
  const auto bundle = network_bundle();
  const testing::TemporaryFolder folder;
  FixedClock clock(Timestamp::from_civil(2026, 3, 4, 9));
  auto log = EventLog::open(folder / "events", Access::ReadWrite).value();
  Rng rng(1);
  const auto line = flow(rng, 1);
  const NewEvent event{.form = RecordForm::LogJson,
                       .mapping = "suricata",
                       .raw = line,
                       .digest = sha256(line),
                       .event_time = clock.now(),
                       .received_time = clock.now(),
                       .source = "ids"};
  ASSERT_OK(log.append({&event, 1}));
  NoProgress progress;
  {
    testing::DecidingStores stores(bundle, log, folder.path(), clock);
    ASSERT_EQ(stores.decider.decide(std::vector{event.digest}, progress)->size(), 1U);
    EXPECT_EQ(stores.states.observed_through().events, 1U);
  }
  {
    testing::DecidingStores stores(bundle, log, folder.path(), clock);
    EXPECT_EQ(stores.states.observed_through().events, 0U) << "to be folded again";
    EXPECT_EQ(all_of(stores.decisions).size(), 1U);
    ASSERT_OK(stores.decider.decide({}, progress));
    ASSERT_OK(stores.states.checkpoint());
  }
  testing::DecidingStores stores(bundle, log, folder.path(), clock);
  EXPECT_EQ(stores.states.observed_through().events, 1U);
  EXPECT_EQ(all_of(stores.decisions).size(), 1U);
}

}  // namespace
}  // namespace winnow
