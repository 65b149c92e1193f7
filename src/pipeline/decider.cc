#include "pipeline/decider.h"

#include <chrono>
#include <set>

#include "ocsf/mail_attributes.h"

namespace winnow {

Decider::Decider(std::shared_ptr<const BundleRuntime> bundle, const EventLog& events,
                 ServingStates& states, DecisionStore& decisions, const Clock& clock)
    : bundle_(std::move(bundle)),
      events_(&events),
      states_(&states),
      decisions_(&decisions),
      clock_(&clock) {}

Result<std::vector<DecisionRecord>> Decider::decide(std::span<const Digest> wanted,
                                                    Progress& progress) {
  WINNOW_TRY(states_->hand_over(*decisions_));  // what a crash left behind
  WINNOW_TRY(process_arrivals(wanted, progress));
  WINNOW_TRY(process_earlier(wanted));
  std::vector<DecisionRecord> found;
  for (const auto& digest : wanted) {
    WINNOW_TRY(auto record, decisions_->find(digest, bundle_->pipeline.bundle()));
    if (record) found.push_back(std::move(*record));
  }
  return found;
}

Status Decider::process_arrivals(std::span<const Digest> wanted, Progress& progress) {
  const std::set<Digest> to_decide(wanted.begin(), wanted.end());
  const auto& features = bundle_->pipeline.features();
  WINNOW_TRY(const auto last, events_->last_id());
  progress.stage("deciding", last - states_->observed_through());
  while (states_->observed_through() < last) {
    WINNOW_TRY(const auto arrivals, events_->arrivals(states_->observed_through(), kBatch));
    const auto work = [&](EntityStates& states) -> Result<ServingStates::Step> {
      ServingStates::Step step{arrivals.back().id, {}};
      for (const auto& stored : arrivals) {
        WINNOW_TRY(const auto event, read(stored));
        if (!event) continue;
        if (to_decide.contains(stored.digest)) {
          WINNOW_TRY(step.decided.emplace_back(), decide(*event, states));
        }
        WINNOW_TRY(features.observe(*event, states));
      }
      return step;
    };
    WINNOW_TRY(states_->advance(work));
    WINNOW_TRY(states_->hand_over(*decisions_));
    progress.advance(arrivals.size());
  }
  return {};
}

Status Decider::process_earlier(std::span<const Digest> wanted) {
  std::vector<DecisionRecord> decided;
  const auto work = [&](const EntityStates& states) -> Status {
    for (const auto& digest : wanted) {
      WINNOW_TRY(const auto known, decisions_->find(digest, bundle_->pipeline.bundle()));
      if (known) continue;
      WINNOW_TRY(const auto stored, events_->find(digest.hex()));
      WINNOW_TRY(const auto event, read(stored));
      if (event) {
        WINNOW_TRY(decided.emplace_back(), decide(*event, states));
      }
    }
    return {};
  };
  WINNOW_TRY(states_->look(work));
  WINNOW_TRY(decisions_->add(decided));
  return {};
}

Result<std::optional<ocsf::Event>> Decider::read(const StoredEvent& stored) const {
  WINNOW_TRY(const auto raw, events_->read_raw(stored));
  auto event = bundle_->mapping.apply(stored, raw);
  // It was readable when it was stored; a later mapping that cannot read it decides nothing about
  // it.
  if (!event && event.error().code() == Code::InvalidArgument) return std::optional<ocsf::Event>();
  if (!event) return event.error();
  return std::optional(std::move(*event));
}

Result<DecisionRecord> Decider::decide(const ocsf::Event& event, const EntityStates& states) const {
  const auto started = std::chrono::steady_clock::now();
  const auto& pipeline = bundle_->pipeline;
  WINNOW_TRY(const auto before, pipeline.features().slice(event, states));
  const bool late = std::chrono::steady_clock::now() - started > pipeline.policy().model_deadline();
  DecisionRecord record;
  record.decision = pipeline.decide(event, before, late ? ModelState::Late : ModelState::Available);
  record.decided_at = clock_->now();
  record.sender = event.get(ocsf::mail::kFrom).as_text();
  record.subject = event.get(ocsf::mail::kSubject).as_text();
  return record;
}

}  // namespace winnow
