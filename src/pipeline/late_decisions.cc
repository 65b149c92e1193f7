// What is decided behind its place in the log: what somebody asks about late, and what was kept for
// a bundle that can read it.
#include <algorithm>

#include <fmt/format.h>

#include "pipeline/decider.h"
#include "pipeline/detail/events_at_hand.h"

namespace winnow {

Status Decider::process_earlier(const Digests& open, const MappedEvents& mapped, const Tell& tell) {
  const std::vector<Digest> earlier(open.begin(), open.end());
  for (auto rest = std::span(earlier); !rest.empty();) {
    const auto some = rest.first(std::min(rest.size(), kBatch));
    rest = rest.subspan(some.size());
    WINNOW_TRY(auto found, events_->look_up(some));
    std::vector<StoredEvent> stored;
    std::vector<KeptEvent> kept;
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (!found[i])
        return Error(Code::NotFound,
                     fmt::format("event {} is not in the event log", some[i].hex()));
      WINNOW_TRY(auto waiting, states_->find_kept(found[i]->id));
      if (waiting) {
        kept.push_back(std::move(*waiting));
      } else {
        stored.push_back(std::move(*found[i]));
      }
    }
    std::ranges::sort(stored, {}, &StoredEvent::id);
    std::ranges::sort(kept, {}, &KeptEvent::id);
    WINNOW_TRY(decide_late(stored, mapped, tell));
    WINNOW_TRY(settle(kept, mapped, tell));
  }
  return {};
}

Status Decider::decide_late(std::span<const StoredEvent> found, const MappedEvents& mapped,
                            const Tell& tell) {
  std::vector<DecisionRecord> late;
  ServingStates::Step step{
      .observed_through = states_->observed_through(), .decided = {}, .is_bulk = true};
  const auto work = [&](const EntityStates& states) -> Status {
    EventsAtHand at_hand(*this, mapped);
    for (const auto& stored : found) {
      // One that came again after its bytes were removed is read nowhere else.
      const auto* event = at_hand.mapped(stored.digest);
      if (event == nullptr) {
        WINNOW_TRY(event, at_hand.read(stored));
      }
      if (event != nullptr) {
        WINNOW_TRY(late.emplace_back(), decide(*event, states));
      } else if (!stored.removed) {
        step.kept.push_back({stored.id, stored.digest, stored.mapping, false});
      }
    }
    finish(late);
    return {};
  };
  WINNOW_TRY(states_->look(work));
  WINNOW_TRY(decisions_->add(late));
  WINNOW_TRY(decisions_->sync());  // the states' outbox does not hold these
  for (auto& record : late) tell(std::move(record));
  if (step.kept.empty()) return {};
  return take_step([&](EntityStates&) { return Result<ServingStates::Step>(std::move(step)); },
                   tell);
}

Result<bool> Decider::decide_kept(std::size_t most, const Tell& tell) {
  if (states_->kept().empty()) return false;
  NoProgress progress;
  WINNOW_TRY(decide_each({}, progress, tell));
  WINNOW_TRY(const auto kept, states_->kept_behind(kept_through_, most));
  if (kept.empty()) return false;
  const auto last = kept.back().id;
  const bool may_be_more = kept.size() == most;
  WINNOW_TRY(settle(kept, {}, tell));
  kept_through_ = last;
  return may_be_more;
}

// Its labels went by unread, as the event did.
Status Decider::observe_verdicts_before(const ocsf::Event& event, const StoredEvent& stored,
                                        std::uint64_t through_label, EntityStates& states) const {
  if (stored.label_id == 0) return {};
  WINNOW_TRY(const auto labels, events_->labels_of(stored));
  for (const auto& label : labels) {
    if (label.id <= through_label)
      WINNOW_TRY(observe_verdict(event, label.label, label.given, states));
  }
  return {};
}

Status Decider::settle(std::span<const KeptEvent> kept, const MappedEvents& mapped,
                       const Tell& tell) {
  if (kept.empty()) return {};
  std::vector<Digest> digests;
  for (const auto& event : kept) digests.push_back(event.digest);
  WINNOW_TRY(const auto found, events_->look_up(digests));
  const auto work = [&](EntityStates& states) -> Result<ServingStates::Step> {
    const auto reached = states_->observed_through();
    ServingStates::Step step{.observed_through = reached,
                             .decided = {},
                             .is_bulk = bundle_->mapping.domain() != Domain::Mail};
    EventsAtHand at_hand(*this, mapped);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const auto& stored = found[i];
      const auto* event = at_hand.mapped(kept[i].digest);
      if (event == nullptr && stored) {
        WINNOW_TRY(event, at_hand.read(*stored));
      }
      const bool is_gone = !stored || stored->removed;
      if (event == nullptr && !is_gone) continue;
      step.settled.push_back(kept[i].id);
      if (event == nullptr) continue;
      WINNOW_TRY(step.decided.emplace_back(), decide(*event, states));
      if (!kept[i].is_missing) continue;
      WINNOW_TRY(const auto observed, batch_.observe_decided(stored->received_time, states));
      step.late += observed.late ? 1 : 0;
      step.ahead += observed.ahead ? 1 : 0;
      WINNOW_TRY(observe_verdicts_before(*event, *stored, reached.labels, states));
    }
    finish(step.decided);
    return step;
  };
  return take_step(work, tell);
}

}  // namespace winnow
