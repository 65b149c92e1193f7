#include "pipeline/decision_batch.h"

#include <chrono>
#include <utility>

namespace winnow {

DecisionBatch::Work::Work(const Pipeline& pipeline)
    : reading(pipeline.features()), intelligence(pipeline.intelligence()) {}

DecisionBatch::DecisionBatch(const Pipeline& pipeline) : pipeline_(&pipeline) {}

// In memory that was used before, where nothing waits in it.
std::unique_ptr<DecisionBatch::Work> DecisionBatch::work_on(const ocsf::Event& event) {
  last_ = nullptr;
  std::unique_ptr<Work> work;
  if (spare_.empty()) {
    work = std::make_unique<Work>(*pipeline_);
  } else {
    work = std::move(spare_.back());
    spare_.pop_back();
  }
  work->intelligence.move_to(event.time());
  work->reading.turn_to(event, work->intelligence);
  return work;
}

Status DecisionBatch::decide(const ocsf::Event& event, const EntityStates& states) {
  auto work = work_on(event);
  const auto started = std::chrono::steady_clock::now();
  WINNOW_TRY(work->reading.look_up(states));
  const bool late =
      std::chrono::steady_clock::now() - started > pipeline_->policy().model_deadline();
  work->reading.read();
  work->decision = decisions_.size();
  auto& decision = decisions_.emplace_back();
  decision.state_slice = work->reading.slice_bytes();
  work->judged =
      pipeline_->draft(event, work->reading.vector(),
                       late ? ModelState::Late : ModelState::Available, work->row, decision);
  last_ = work.get();
  if (pipeline_->is_explained(decision)) {
    work->reading.settle();
    waiting_.push_back(std::move(work));
    if (waiting_.size() == kExplained) explain();
  } else {
    pipeline_->tell(work->reading, {}, work->judged, decision);
    spare_.push_back(std::move(work));
  }
  return {};
}

Result<Observed> DecisionBatch::observe_decided(Timestamp known_at, EntityStates& states) {
  ensure(last_ != nullptr, "an event was decided, and nothing came since");
  return last_->reading.observe(known_at, states);
}

Result<Observed> DecisionBatch::observe(const ocsf::Event& event, Timestamp known_at,
                                        EntityStates& states) {
  auto work = work_on(event);
  auto observed = work->reading.observe(known_at, states);
  spare_.push_back(std::move(work));
  return observed;
}

void DecisionBatch::explain() {
  if (waiting_.empty()) return;
  rows_.clear();
  for (const auto& work : waiting_) rows_.insert(rows_.end(), work->row.begin(), work->row.end());
  pipeline_->explain({rows_.data(), waiting_.size(), rows_.size() / waiting_.size()},
                     contributions_);
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    auto& work = *waiting_[i];
    pipeline_->tell(work.reading, contributions_.row(i), work.judged, decisions_[work.decision]);
    spare_.push_back(std::move(waiting_[i]));
  }
  waiting_.clear();
}

void DecisionBatch::forget() {
  for (auto& work : waiting_) spare_.push_back(std::move(work));
  waiting_.clear();
  decisions_.clear();
}

std::vector<Decision> DecisionBatch::take() {
  explain();
  auto taken = std::exchange(decisions_, {});
  decisions_.reserve(taken.size());  // as many come again
  return taken;
}

}  // namespace winnow
