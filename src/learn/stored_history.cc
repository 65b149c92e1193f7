#include "learn/stored_history.h"

#include <algorithm>
#include <utility>

#include "pipeline/verdict.h"

namespace winnow::learn {
namespace {

Label row_label(winnow::Label label) {
  switch (label) {
    case winnow::Label::Phish:
    case winnow::Label::Malicious:
      return Label::Malicious;
    case winnow::Label::Spam:
      return Label::Unwanted;
    default:
      return Label::Benign;
  }
}

}  // namespace

StoredHistory::StoredHistory(const EventLog& events, const EventFilter& filter,
                             const DomainMapping& mapping, KnownIntelligence& intelligence,
                             std::uint64_t most)
    : log_(&events),
      scan_(events.scan(mapping.within(filter))),
      reader_(mapping),
      intelligence_(&intelligence),
      most_(most) {}

Result<std::optional<HistoricEvent>> StoredHistory::next() {
  for (;;) {
    if (at_ == moment_.size()) WINNOW_TRY(read_moment());
    if (at_ == moment_.size()) return std::optional<HistoricEvent>();
    const auto& stored = moment_[at_++];
    ++events_;
    WINNOW_TRY(const auto raw, log_->read_raw(stored));
    auto event = reader_.read(stored, raw);
    if (!event) {
      ++unreadable_;
      continue;
    }
    std::optional<Label> label;
    if (stored.label != winnow::Label::None) label = row_label(stored.label);
    labelled_ += label ? 1 : 0;
    WINNOW_TRY(add_labels_of(stored));
    intelligence_->move_to(event->time());
    return std::optional(
        HistoricEvent{*std::move(event), stored.received_time, stored.source, label});
  }
}

Result<std::optional<HistoricVerdict>> StoredHistory::next_verdict(Timestamp before) {
  if (judged_.empty() || known_since(judged_.top()) >= before)
    return std::optional<HistoricVerdict>();
  const auto stored = judged_.top();
  judged_.pop();
  WINNOW_TRY(const auto raw, log_->read_raw(stored));
  WINNOW_TRY(auto event, reader_.read(stored, raw));  // it was read once already
  return std::optional(
      HistoricVerdict{std::move(event), verdict_of(stored.label), stored.label_given});
}

// A label that was replaced was known until then, and counts as it did in serving.
Status StoredHistory::add_labels_of(const StoredEvent& stored) {
  if (stored.times_labelled == 0) return {};
  if (stored.times_labelled == 1) {
    judged_.push(stored);
    return {};
  }
  WINNOW_TRY(const auto labels, log_->labels_of(stored));
  for (const auto& given : labels) {
    if (given.id > stored.label_id) break;  // given behind what this history may know
    StoredEvent judged = stored;
    judged.label = given.label;
    judged.label_id = given.id;
    judged.label_given = given.given;
    judged_.push(std::move(judged));
  }
  return {};
}

Timestamp StoredHistory::known_since(const StoredEvent& stored) {
  return std::max(stored.label_given, stored.event_time);
}

bool StoredHistory::KnownLater::operator()(const StoredEvent& a, const StoredEvent& b) const {
  return std::pair(known_since(a), a.label_id) > std::pair(known_since(b), b.label_id);
}

// Takes the entries of the next moment, and the first one behind it.
Status StoredHistory::read_moment() {
  moment_.clear();
  at_ = 0;
  if (events_ == most_) return {};
  if (ahead_) moment_.push_back(*std::exchange(ahead_, std::nullopt));
  while (events_ + moment_.size() < most_) {
    WINNOW_TRY(const bool more, scan_.next());
    if (!more) break;
    if (!moment_.empty() && scan_.event().event_time != moment_.front().event_time) {
      ahead_ = scan_.event();
      break;
    }
    moment_.push_back(scan_.event());
  }
  std::sort(moment_.begin(), moment_.end(),
            [](const StoredEvent& a, const StoredEvent& b) { return a.digest < b.digest; });
  return {};
}

}  // namespace winnow::learn
