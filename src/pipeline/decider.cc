#include "pipeline/decider.h"

#include <algorithm>
#include <memory_resource>

#include "pipeline/detail/events_at_hand.h"
#include "pipeline/event_summary.h"
#include "pipeline/verdict.h"

namespace winnow {
namespace {

// One for each time that it is wanted; those on what nobody wants are none.
std::vector<DecisionRecord> in_order_of(std::span<const Digest> wanted,
                                        std::vector<DecisionRecord> decided) {
  const auto event_of = [](const DecisionRecord& record) { return record.decision.event; };
  if (std::ranges::equal(wanted, decided, {}, {}, event_of)) return decided;
  struct Place {
    std::size_t decided;
    std::optional<std::size_t> found = {};  // of one that is wanted more than once
  };
  std::unordered_map<Digest, Place> places;
  places.reserve(decided.size());
  for (std::size_t i = 0; i < decided.size(); ++i) places.emplace(event_of(decided[i]), Place{i});
  std::vector<DecisionRecord> found;
  found.reserve(wanted.size());
  for (const auto& digest : wanted) {
    const auto known = places.find(digest);
    if (known == places.end()) continue;
    auto& place = known->second;
    found.push_back(place.found ? DecisionRecord(found[*place.found])
                                : std::move(decided[place.decided]));
    place.found = found.size() - 1;
  }
  return found;
}

}  // namespace

Decider::Decider(std::shared_ptr<const BundleRuntime> bundle, const EventLog& events,
                 ServingStates& states, DecisionStore& decisions, const Clock& clock)
    : bundle_(std::move(bundle)),
      batch_(bundle_->pipeline),
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
  std::vector<DecisionRecord> decided;
  decided.reserve(wanted.size());
  WINNOW_TRY(decide_each(wanted, mapped, progress,
                         [&](DecisionRecord record) { decided.push_back(std::move(record)); }));
  return in_order_of(wanted, std::move(decided));
}

Status Decider::decide_each(std::span<const Digest> wanted, Progress& progress, const Tell& tell) {
  return decide_each(wanted, {}, progress, tell);
}

Status Decider::decide_each(std::span<const Digest> wanted, const MappedEvents& mapped,
                            Progress& progress, const Tell& tell) {
  if (!hands_over_later_ || !through_) WINNOW_TRY(hand_over());  // what a crash left behind
  Digests open(wanted.begin(), wanted.end());
  WINNOW_TRY(auto arrived, events_->arrivals(states_->observed_through().events, kBatch));
  WINNOW_TRY(tell_decided(open, arrived, tell));
  through_.reset();  // after an error the states may stand before what is decided already
  WINNOW_TRY(process_news(open, std::move(arrived), mapped, progress, tell));
  through_ = states_->observed_through().events;
  return process_earlier(open, mapped, tell);
}

// To look a decision up costs as much as to make one.
Status Decider::tell_decided(Digests& open, std::span<const StoredEvent> arrived,
                             const Tell& tell) {
  std::pmr::monotonic_buffer_resource memory;  // for all of them at once
  std::pmr::unordered_set<Digest> fresh(&memory);
  fresh.reserve(arrived.size());
  for (const auto& event : arrived) {
    if (through_ && event.id > *through_) fresh.insert(event.digest);
  }
  for (auto digest = open.begin(); digest != open.end();) {
    std::optional<DecisionRecord> record;
    if (!fresh.contains(*digest)) {
      WINNOW_TRY(hand_over());
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

Status Decider::process_news(Digests& open, std::vector<StoredEvent> arrived,
                             const MappedEvents& mapped, Progress& progress, const Tell& tell) {
  WINNOW_TRY(const auto last, events_->last_id());
  progress.stage("deciding", last - states_->observed_through().events);
  for (bool first = true;; first = false) {
    const auto from = states_->observed_through();
    News news{.from = from, .to_decide = &open, .mapped = &mapped};
    if (first) {
      news.arrivals = std::move(arrived);
    } else {
      WINNOW_TRY(news.arrivals, events_->arrivals(from.events, kBatch));
    }
    WINNOW_TRY(news.labelled, events_->labellings(from.labels, kBatch));
    if (news.empty()) return {};
    if (!first) WINNOW_TRY(hand_over());  // a long walk through the log keeps none in memory
    WINNOW_TRY(look_up_kept(news));
    std::vector<Digest> kept;
    const auto work = [&](EntityStates& states) -> Result<ServingStates::Step> {
      WINNOW_TRY(auto step, fold(news, states));
      for (const auto& event : step.kept) kept.push_back(event.digest);
      if (scored_) scored_();
      return step;
    };
    WINNOW_TRY(take_step(work, [&](DecisionRecord record) {
      open.erase(record.decision.event);
      tell(std::move(record));
    }));
    for (const auto& digest : kept) open.erase(digest);
    if (states_->observed_through() == from) {
      return Error(Code::Corrupt, "the event log's index names a label that was given to no event")
          .with_hint("remove index.db of the event log: it is made again from the log");
    }
    progress.advance(states_->observed_through().events - from.events);
  }
}

Result<bool> Decider::fold_some() {
  const Digests nothing;
  const MappedEvents none;
  const auto from = states_->observed_through();
  News news{.from = from, .to_decide = &nothing, .mapped = &none};
  WINNOW_TRY(news.arrivals, events_->arrivals(from.events, kBatch));
  WINNOW_TRY(news.labelled, events_->labellings(from.labels, kBatch));
  if (news.empty()) return false;
  WINNOW_TRY(look_up_kept(news));
  news.kept.clear();  // each is decided by who decides
  const auto work = [&](EntityStates& states) { return fold(news, states); };
  WINNOW_TRY(take_step(work, [](const DecisionRecord&) {}));
  // Else the labels are of events that another process or thread wrote between the two questions.
  return states_->observed_through() != from;
}

Status Decider::take_step(
    const std::function<Result<ServingStates::Step>(EntityStates& states)>& work,
    const Tell& tell) {
  WINNOW_TRY(auto decided, states_->advance(work));
  if (!hands_over_later_) WINNOW_TRY(hand_over());
  for (auto& record : decided) tell(std::move(record));
  return {};
}

Status Decider::look_up_kept(News& news) const {
  if (states_->kept().empty()) return {};
  const auto last = news.arrivals.empty() ? news.from.events : news.arrivals.back().id;
  WINNOW_TRY(news.kept, states_->kept_among(news.from.events, last));
  for (const auto& label : news.labelled) {
    if (label.id > news.from.events) continue;
    WINNOW_TRY(const auto kept, states_->find_kept(label.id));
    if (kept && kept->is_missing) news.judged_later.insert(label.label_id);
  }
  return {};
}

// A label is folded in behind the event after whose arrival it was given, so that a decision knows
// the same verdicts whenever the states catch up.
Result<ServingStates::Step> Decider::fold(const News& news, EntityStates& states) {
  ServingStates::Step step{.observed_through = news.from, .decided = {}, .is_bulk = true};
  step.decided.reserve(news.arrivals.size());
  // Mail is little, and its closed decisions count for the cases of those that they are from. A
  // step past what others decide on changes nothing, and need not wait for the disk.
  const bool is_mail = bundle_->mapping.domain() == Domain::Mail;
  auto& reached = step.observed_through;
  EventsAtHand at_hand(*this, *news.mapped);
  const ocsf::Event* event = nullptr;  // the newest: most labels come with their event
  auto arrival = news.arrivals.begin();
  auto label = news.labelled.begin();
  for (;;) {
    if (label != news.labelled.end() && label->label_after <= reached.events) {
      const bool is_newest = event != nullptr && event->raw_digest() == label->digest;
      std::optional<ocsf::Event> earlier;
      if (!is_newest && !news.judged_later.contains(label->label_id)) {
        WINNOW_TRY(earlier, read(*label));
      }
      if (const auto* const judged = is_newest ? event : earlier ? &*earlier : nullptr) {
        WINNOW_TRY(observe_verdict(*judged, label->label, label->label_given, states));
        if (is_mail) step.is_bulk = false;
      }
      reached.labels = label->label_id;
      ++label;
      continue;
    }
    // Behind a full page of labels may stand more that come before the next event.
    const bool all_labels = label != news.labelled.end() || news.labelled.size() < kBatch;
    if (arrival == news.arrivals.end() || !all_labels) break;
    event = at_hand.mapped(arrival->digest);
    if (event == nullptr) {
      WINNOW_TRY(event, at_hand.read(*arrival));
    }
    const bool is_kept = news.kept.contains(arrival->id);
    const bool is_decided = is_kept || news.to_decide->contains(arrival->digest);
    if (event == nullptr && is_decided && !arrival->removed) {
      step.kept.push_back({arrival->id, arrival->digest, arrival->mapping, true});
    } else if (is_kept) {
      step.settled.push_back(arrival->id);
    }
    if (event != nullptr) {
      if (is_decided) {
        WINNOW_TRY(step.decided.emplace_back(), decide(*event, states));
      }
      WINNOW_TRY(const auto observed, is_decided
                                          ? batch_.observe_decided(arrival->received_time, states)
                                          : batch_.observe(*event, arrival->received_time, states));
      step.late += observed.late ? 1 : 0;
      step.ahead += observed.ahead ? 1 : 0;
      if (is_mail) step.is_bulk = false;
    }
    reached.events = arrival->id;
    ++arrival;
  }
  finish(step.decided);
  return step;
}

Status Decider::observe_verdict(const ocsf::Event& event, Label label, Timestamp given,
                                EntityStates& states) const {
  return bundle_->pipeline.features().observe_verdict(event, verdict_of(label), given, states);
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

Result<DecisionRecord> Decider::decide(const ocsf::Event& event, const EntityStates& states) {
  WINNOW_TRY(batch_.decide(event, states));
  DecisionRecord record;
  record.decided_at = clock_->now();
  auto summary = summary_of(event);
  record.sender = std::move(summary.actor);
  record.subject = std::move(summary.subject);
  return record;
}

void Decider::finish(std::vector<DecisionRecord>& records) {
  auto decisions = batch_.take();
  ensure(decisions.size() == records.size(), "each record was begun with a decision");
  for (std::size_t i = 0; i < records.size(); ++i) records[i].decision = std::move(decisions[i]);
}

}  // namespace winnow
