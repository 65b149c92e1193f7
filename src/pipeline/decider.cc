#include "pipeline/decider.h"

#include <chrono>
#include <unordered_map>
#include <unordered_set>

#include "pipeline/event_summary.h"
#include "pipeline/verdict.h"

namespace winnow {

Decider::Decider(std::shared_ptr<const BundleRuntime> bundle, const EventLog& events,
                 ServingStates& states, DecisionStore& decisions, const Clock& clock)
    : bundle_(std::move(bundle)),
      reader_(bundle_->mapping),
      events_(&events),
      states_(&states),
      decisions_(&decisions),
      clock_(&clock) {}

Result<std::vector<DecisionRecord>> Decider::decide(std::span<const Digest> wanted,
                                                    Progress& progress) {
  return decide(wanted, {}, progress);
}

Result<std::vector<DecisionRecord>> Decider::decide(std::span<const Digest> wanted,
                                                    const MappedEvents& mapped,
                                                    Progress& progress) {
  std::map<Digest, DecisionRecord> decided;
  WINNOW_TRY(decide_each(wanted, mapped, progress, [&](DecisionRecord record) {
    const auto event = record.decision.event;
    decided.emplace(event, std::move(record));
  }));
  std::vector<DecisionRecord> found;
  std::unordered_map<Digest, std::size_t> places;  // of one that is wanted more than once
  for (const auto& digest : wanted) {
    const auto record = decided.find(digest);
    if (record == decided.end()) continue;
    const auto [place, is_first] = places.emplace(digest, found.size());
    auto one = is_first ? std::move(record->second) : DecisionRecord(found[place->second]);
    found.push_back(std::move(one));
  }
  return found;
}

Status Decider::decide_each(std::span<const Digest> wanted, Progress& progress, const Tell& tell) {
  return decide_each(wanted, {}, progress, tell);
}

Status Decider::decide_each(std::span<const Digest> wanted, const MappedEvents& mapped,
                            Progress& progress, const Tell& tell) {
  WINNOW_TRY(states_->hand_over(*decisions_));  // what a crash left behind
  std::set<Digest> open(wanted.begin(), wanted.end());
  WINNOW_TRY(auto arrived, events_->arrivals(states_->observed_through().events, kBatch));
  WINNOW_TRY(tell_decided(open, arrived, tell));
  through_.reset();  // after an error the states may stand before what is decided already
  WINNOW_TRY(process_news(open, std::move(arrived), mapped, progress, tell));
  through_ = states_->observed_through().events;
  return process_earlier(open, mapped, tell);
}

// To look a decision up costs as much as to make one.
Status Decider::tell_decided(std::set<Digest>& open, std::span<const StoredEvent> arrived,
                             const Tell& tell) {
  std::unordered_set<Digest> fresh;
  for (const auto& event : arrived) {
    if (through_ && event.id > *through_) fresh.insert(event.digest);
  }
  for (auto digest = open.begin(); digest != open.end();) {
    std::optional<DecisionRecord> record;
    if (!fresh.contains(*digest)) {
      WINNOW_TRY(record, decisions_->find(*digest, bundle_->pipeline.bundle()));
    }
    if (!record) {
      ++digest;
      continue;
    }
    tell(std::move(*record));
    digest = open.erase(digest);
  }
  return {};
}

Status Decider::process_news(std::set<Digest>& open, std::vector<StoredEvent> arrived,
                             const MappedEvents& mapped, Progress& progress, const Tell& tell) {
  WINNOW_TRY(const auto last, events_->last_id());
  progress.stage("deciding", last - states_->observed_through().events);
  for (bool first = true;; first = false) {
    const auto from = states_->observed_through();
    News news{from, {}, {}, &open, &mapped};
    if (first) {
      news.arrivals = std::move(arrived);
    } else {
      WINNOW_TRY(news.arrivals, events_->arrivals(from.events, kBatch));
    }
    WINNOW_TRY(news.labelled, events_->labellings(from.labels, kBatch));
    if (news.arrivals.empty() && news.labelled.empty()) return {};
    const auto work = [&](EntityStates& states) -> Result<ServingStates::Step> {
      WINNOW_TRY(auto step, fold(news, states));
      if (scored_) scored_();
      return step;
    };
    WINNOW_TRY(auto of_step, states_->advance(work));
    WINNOW_TRY(states_->hand_over(*decisions_));
    for (auto& record : of_step) {
      open.erase(record.decision.event);
      tell(std::move(record));
    }
    const auto reached = states_->observed_through();
    if (reached == from) {
      return Error(Code::Corrupt, "the event log's index names a label that was given to no event")
          .with_hint("remove index.db of the event log: it is made again from the log");
    }
    progress.advance(reached.events - from.events);
  }
}

// A label is folded in behind the event after whose arrival it was given, so that a decision knows
// the same verdicts whenever the states catch up.
Result<ServingStates::Step> Decider::fold(const News& news, EntityStates& states) {
  const auto& features = bundle_->pipeline.features();
  // Mail is little, and its closed decisions count for the cases of those that they are from.
  ServingStates::Step step{.observed_through = news.from,
                           .decided = {},
                           .is_bulk = bundle_->mapping.domain() != Domain::Mail};
  auto& reached = step.observed_through;
  std::optional<ocsf::Event> read_event;
  const ocsf::Event* event = nullptr;  // the newest: most labels come with their event
  auto arrival = news.arrivals.begin();
  auto label = news.labelled.begin();
  for (;;) {
    if (label != news.labelled.end() && label->label_after <= reached.events) {
      const bool is_newest = event != nullptr && event->raw_digest() == label->digest;
      std::optional<ocsf::Event> earlier;
      if (!is_newest) {
        WINNOW_TRY(earlier, read(*label));
      }
      if (const auto* const judged = is_newest ? event : earlier ? &*earlier : nullptr) {
        WINNOW_TRY(features.observe_verdict(*judged, verdict_of(label->label), label->label_given,
                                            states));
      }
      reached.labels = label->label_id;
      ++label;
      continue;
    }
    // Behind a full page of labels may stand more that come before the next event.
    const bool all_labels = label != news.labelled.end() || news.labelled.size() < kBatch;
    if (arrival == news.arrivals.end() || !all_labels) return step;
    const auto mapped = news.mapped->find(arrival->digest);
    if (mapped != news.mapped->end()) {
      event = &mapped->second;
    } else {
      WINNOW_TRY(read_event, read(*arrival));
      event = read_event ? &*read_event : nullptr;
    }
    if (event != nullptr && news.to_decide->contains(arrival->digest)) {
      WINNOW_TRY(step.decided.emplace_back(), decide(*event, states));
    }
    if (event != nullptr) {
      WINNOW_TRY(const auto observed, features.observe(*event, arrival->received_time, states));
      step.late += observed.late ? 1 : 0;
      step.ahead += observed.ahead ? 1 : 0;
    }
    reached.events = arrival->id;
    ++arrival;
  }
}

Status Decider::process_earlier(const std::set<Digest>& open, const MappedEvents& mapped,
                                const Tell& tell) {
  for (auto next = open.begin(); next != open.end();) {
    std::vector<DecisionRecord> late;
    const auto work = [&](const EntityStates& states) -> Status {
      for (; next != open.end() && late.size() < kBatch; ++next) {
        const auto known = mapped.find(*next);
        std::optional<ocsf::Event> read_event;
        if (known == mapped.end()) {
          WINNOW_TRY(const auto stored, events_->find(next->hex()));
          WINNOW_TRY(read_event, read(stored));
        }
        // One that came again after its bytes were removed is read nowhere else.
        const auto* const event = known != mapped.end() ? &known->second
                                  : read_event          ? &*read_event
                                                        : nullptr;
        if (event != nullptr) {
          WINNOW_TRY(late.emplace_back(), decide(*event, states));
        }
      }
      return {};
    };
    WINNOW_TRY(states_->look(work));
    WINNOW_TRY(decisions_->add(late));
    WINNOW_TRY(decisions_->sync());  // the states' outbox does not hold these
    for (auto& record : late) tell(std::move(record));
  }
  return {};
}

Result<std::optional<ocsf::Event>> Decider::read(const StoredEvent& stored) {
  if (stored.removed || !bundle_->mapping.reads(stored)) return std::optional<ocsf::Event>();
  WINNOW_TRY(const auto raw, events_->read_raw(stored));
  auto event = reader_.read(stored, raw);
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
  auto summary = summary_of(event);
  record.sender = std::move(summary.actor);
  record.subject = std::move(summary.subject);
  return record;
}

}  // namespace winnow
