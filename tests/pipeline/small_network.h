// A small network of targets that events reach: bundles that read the one half of its records or
// all, and what decides over its log.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "pipeline/decider.h"
#include "tests/pipeline/deciding_stores.h"
#include "tests/support/support.h"

namespace winnow::testing {

// A set with another `window` has another history.
inline std::string features_of(int window) {
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

inline constexpr std::string_view kNetworkPolicy = R"yaml(policy: small
routes: [{route: close, from: 0}]
second_stage: [{rule: busy, when: ["reached >= 9"], route: queue, says: it is busy}]
otherwise: close
explain: {from: 0, reasons: 2}
model_deadline: 600s
)yaml";

// Reads {"at", "from", "to"} of records of its kind.
inline Mapping mapping_of(std::string_view name, std::string_view from = "from") {
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

inline std::shared_ptr<const BundleRuntime> network_bundle(std::string name,
                                                           std::string_view features_yaml,
                                                           std::string_view policy_yaml,
                                                           std::vector<Mapping> mappings) {
  const TemporaryFolder folder;
  EXPECT_OK(write_atomically(folder / "set.yaml", features_yaml));
  auto features = FeatureSet::compile(folder / "set.yaml").value();
  std::vector<std::string> names;
  for (const auto& feature : features.features()) names.push_back(feature.name);
  auto policy = Policy::compile(Yaml::parse(policy_yaml, "policy").value(), names).value();
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
inline std::shared_ptr<const BundleRuntime> bundle_of(std::string name,
                                                      std::vector<Mapping> mappings,
                                                      int window = 9) {
  return network_bundle(std::move(name), features_of(window), kNetworkPolicy, std::move(mappings));
}

inline const Timestamp kNow = Timestamp::from_civil(2026, 3, 4, 9);

struct Arrival {
  std::string mapping, raw;
  Digest digest;
};

// The `number` makes it another record.
inline Arrival arrival_of(std::string mapping, int number, int target,
                          std::string_view from = "from") {
  auto raw = fmt::format(R"({{"{}":{},"at":{},"{}":"10.0.0.{}","to":"192.0.2.{}"}})", mapping,
                         number, Timestamp::from_civil(2026, 3, 4, 8).seconds() + number % 3'600,
                         from, number % 250, target);
  const auto digest = sha256(raw);
  return {std::move(mapping), std::move(raw), digest};
}

// An event log, and states and decisions that may crash.
class SmallNetwork {
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

  const TemporaryFolder folder;
  EventLog log = EventLog::open(folder / "events", Access::ReadWrite).value();

 private:
  DecidingStores& stores() {
    if (!stores_) stores_.emplace(bundle_, log, folder.path(), clock_);
    return *stores_;
  }
  FixedClock clock_{kNow};
  NoProgress progress_;
  std::shared_ptr<const BundleRuntime> bundle_;
  std::optional<DecidingStores> stores_;
};

inline std::shared_ptr<const BundleRuntime> narrow() {
  return bundle_of("narrow", {mapping_of("old")});
}
inline std::shared_ptr<const BundleRuntime> wide(int window = 9) {
  return bundle_of("wide", {mapping_of("old"), mapping_of("fresh")}, window);
}

// What is decided of a log by a bundle that reads all of it, as it comes.
inline std::map<std::string, std::string> reference(std::span<const std::vector<Arrival>> batches,
                                                    int window = 9) {
  SmallNetwork soc;
  soc.use(wide(window));
  for (const auto& batch : batches) {
    soc.append(batch);
    EXPECT_EQ(soc.decide(batch), batch.size());
  }
  return soc.all();
}

// The first of each pair of mappings is read by the narrow bundle too.
inline std::vector<Arrival> some_of(Rng& rng, int& number, std::string_view mapping,
                                    std::size_t most) {
  std::vector<Arrival> arrivals;
  for (auto left = 1 + rng.below(most); left > 0; --left)
    arrivals.push_back(arrival_of(std::string(mapping), number++, static_cast<int>(rng.below(4))));
  return arrivals;
}

}  // namespace winnow::testing
