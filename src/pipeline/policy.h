// Policy: the artifact that turns a probability into a route: thresholds, abstain band,
// second-stage rules, deadline. Written in YAML (content/policies/), immutable once
// compiled.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "base/yaml.h"

namespace winnow {

// From the least urgent to the most.
enum class Route : std::uint8_t { Close, Queue, Escalate, Playbook };
std::string_view name_of(Route route);             // "close", "queue", "escalate", "playbook"
Result<Route> route_named(std::string_view name);  // Errors: InvalidArgument

// `probability >= from` takes this route; the first that matches, from the highest down.
struct RouteThreshold {
  double from;
  Route route;
};

// One comparison of a feature's value, or of the novelty; a missing value satisfies only `missing`.
struct PolicyCondition {
  static constexpr std::uint32_t kNovelty = UINT32_MAX;
  enum class Test : std::uint8_t {
    Below,
    AtMost,
    Equal,
    NotEqual,
    AtLeast,
    Above,
    Missing,
    Present
  };
  std::uint32_t feature;  // its column, or kNovelty
  Test test;
  float value;

  bool holds(std::span<const float> row, double novelty) const;
  std::string text(std::string_view name) const;  // as policies write it, of what it compares
};

// A deterministic rule over feature values: all its conditions hold, so it decides.
struct SecondStageRule {
  std::string name;
  std::vector<PolicyCondition> when;
  Route route;
  std::string says;  // its reason in plain words
};

// An ATT&CK technique that a finding names when its conditions hold.
struct TechniqueRule {
  std::string technique;  // "T1566.002"
  std::vector<PolicyCondition> when;
};

class Policy {
 public:
  // Compiles against the feature names of the bundle's feature set, in their order. `novelty` in a
  // condition is the novelty model's share, unless a feature has that name.
  // Errors: InvalidArgument, with file and line, and the nearest valid name.
  static Result<Policy> compile(const Yaml& yaml, std::span<const std::string> features);

  Route route_of(double probability) const;  // by threshold; ignores the abstain band
  // Inside the band, and below it where the event is novel, the model abstains and the second stage
  // decides: a model of what was seen does not know what was not. NaN is not novel.
  bool abstains(double probability, double novelty) const {
    return probability < abstain_to_ && (probability >= abstain_from_ || is_novel(novelty));
  }
  bool is_novel(double novelty) const { return novelty >= novel_from_; }
  // The first rule whose conditions all hold, or null: then otherwise() is the route.
  const SecondStageRule* second_stage(std::span<const float> row, double novelty) const;
  Route otherwise() const { return otherwise_; }
  // Where the model does not abstain, from `raise: {from: ...}` on: the first rule whose conditions
  // all hold and whose route is more urgent than route_of(probability), or null. So an event does
  // not become less urgent by being more suspicious.
  const SecondStageRule* raising(double probability, std::span<const float> row,
                                 double novelty) const;
  bool asks_raising(double probability) const { return probability >= raise_from_; }

  // The techniques whose conditions hold, in the policy's order.
  std::vector<std::string> techniques(std::span<const float> row, double novelty) const;

  // As written, for those who explain a decision.
  std::span<const RouteThreshold> thresholds() const { return thresholds_; }
  std::span<const SecondStageRule> rules() const { return rules_; }
  double abstain_from() const { return abstain_from_; }
  double abstain_to() const { return abstain_to_; }
  double novel_from() const { return novel_from_; }
  double raise_from() const { return raise_from_; }  // above 1: no rule raises

  bool explains(double probability) const { return probability >= explain_from_; }
  std::size_t max_reasons() const { return max_reasons_; }
  Duration model_deadline() const { return model_deadline_; }  // after it the fallback decides

 private:
  std::vector<RouteThreshold> thresholds_;  // highest first; the last one begins at 0
  double abstain_from_ = 1, abstain_to_ = 0;
  double novel_from_ = 2;  // above every share: nothing is novel
  double raise_from_ = 2;  // above every probability: no rule raises
  std::vector<SecondStageRule> rules_;
  std::vector<TechniqueRule> techniques_;
  Route otherwise_ = Route::Queue;
  double explain_from_ = 0;
  std::size_t max_reasons_ = 5;
  Duration model_deadline_{};
};

}  // namespace winnow
