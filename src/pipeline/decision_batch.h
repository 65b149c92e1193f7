// Decisions on many events, one after the other: each has the bytes that Pipeline::decide() gives
// it, but expressions are evaluated once for decision and states, memory is used again, and what is
// to be explained is explained as blocks of rows, which takes half of the time.
#pragma once

#include <memory>
#include <vector>

#include "features/feature_reading.h"
#include "pipeline/known_intelligence.h"
#include "pipeline/pipeline.h"

namespace winnow {

// Borrows the pipeline. One thread at a time.
class DecisionBatch {
 public:
  static constexpr std::size_t kExplained = 32;  // decisions that wait for their reasons at most

  explicit DecisionBatch(const Pipeline& pipeline);

  // Decides `event` with `states` as they are; late when reading them took longer than the policy's
  // deadline. The event outlives the next explain(); the states may change. Errors: as
  // FeatureSet::slice().
  Status decide(const ocsf::Event& event, const EntityStates& states);
  // Folds the event that was decided last into the states of its entities, or another one: as
  // FeatureSet::observe().
  Result<Observed> observe_decided(Timestamp known_at, EntityStates& states);
  Result<Observed> observe(const ocsf::Event& event, Timestamp known_at, EntityStates& states);

  // Gives those that wait their reasons; from here on no event is borrowed any more.
  void explain();
  std::size_t waiting() const { return waiting_.size(); }
  // Drops what was decided since take().
  void forget();
  // explain(), and all decisions since the last call, in the order of decide().
  std::vector<Decision> take();

 private:
  // One event at work: it is read, decided, and perhaps explained later.
  struct Work {
    explicit Work(const Pipeline& pipeline);
    FeatureReading reading;
    KnownIntelligence intelligence;
    Judgement judged;
    std::vector<float> row;    // the model's
    std::size_t decision = 0;  // its place in decisions_
  };
  std::unique_ptr<Work> work_on(const ocsf::Event& event);

  const Pipeline* pipeline_;
  std::vector<Decision> decisions_;
  std::vector<std::unique_ptr<Work>> waiting_, spare_;
  Work* last_ = nullptr;     // of what was decided last: in one of these
  std::vector<float> rows_;  // of those that wait
  Contributions contributions_;
};

}  // namespace winnow
