#include "learn/history.h"

#include <algorithm>
#include <queue>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "learn/replay.h"
#include "pipeline/known_intelligence.h"
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

// The events of the log as replay() wants them. The log orders those of one moment by arrival, a
// data set by digest, so that the same mails give the same bytes however they came in. Of a moment
// only the entries are held, not the mails: an export may give one date to a million of them.
class LogStream {
 public:
  LogStream(const EventLog& events, const EventFilter& filter, const DomainMapping& mapping,
            KnownIntelligence& intelligence)
      : log_(&events),
        scan_(events.scan(mapping.within(filter))),
        reader_(mapping),
        intelligence_(&intelligence) {}

  Result<std::optional<HistoricEvent>> next() {
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
      if (label) judged_.push(stored);
      intelligence_->move_to(event->time());
      return std::optional(
          HistoricEvent{*std::move(event), stored.received_time, stored.source, label});
    }
  }

  Result<std::optional<HistoricVerdict>> next_verdict(Timestamp before) {
    if (judged_.empty() || known_since(judged_.top()) >= before)
      return std::optional<HistoricVerdict>();
    const auto stored = judged_.top();
    judged_.pop();
    WINNOW_TRY(const auto raw, log_->read_raw(stored));
    WINNOW_TRY(auto event, reader_.read(stored, raw));  // it was read once already
    return std::optional(
        HistoricVerdict{std::move(event), verdict_of(stored.label), stored.label_given});
  }

  std::uint64_t events() const { return events_; }
  std::uint64_t labelled() const { return labelled_; }
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  // A date may lie behind the day its mail was judged on; nothing is known of what has not
  // happened.
  static Timestamp known_since(const StoredEvent& stored) {
    return std::max(stored.label_given, stored.event_time);
  }
  struct KnownLater {
    bool operator()(const StoredEvent& a, const StoredEvent& b) const {
      return std::pair(known_since(a), a.label_id) > std::pair(known_since(b), b.label_id);
    }
  };

  // Takes the entries of the next moment, and the first one behind it.
  Status read_moment() {
    moment_.clear();
    at_ = 0;
    if (ahead_) moment_.push_back(*std::exchange(ahead_, std::nullopt));
    for (;;) {
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

  const EventLog* log_;
  EventScan scan_;
  StoredEventReader reader_;
  KnownIntelligence* intelligence_;
  std::vector<StoredEvent> moment_;
  std::size_t at_ = 0;  // behind the last one taken
  std::optional<StoredEvent> ahead_;
  // The labelled events so far whose label is not known yet; entries, not mails.
  std::priority_queue<StoredEvent, std::vector<StoredEvent>, KnownLater> judged_;
  std::uint64_t events_ = 0, labelled_ = 0, unreadable_ = 0;
};

}  // namespace

Result<History> replay_history(const EventLog& events, const EventFilter& filter,
                               const DomainMapping& mapping, const FeatureSet& features,
                               const IntelSnapshot* intel, Progress& progress) {
  KnownIntelligence intelligence(intel, KnownIntelligence::count_ranked(intel), Timestamp());
  LogStream stream(events, filter, mapping, intelligence);
  MemoryEntityStates states;
  auto data = replay([&] { return stream.next(); },
                     [&](Timestamp before) { return stream.next_verdict(before); }, features,
                     intelligence, states, progress);
  if (stream.labelled() == 0 && !data) {
    return Error(Code::InvalidArgument,
                 fmt::format("none of {} events has a label", stream.events()))
        .with_hint(mapping.domain() == Domain::Mail
                       ? "winnow ingest mail FILE --label phish (or benign, spam)"
                       : "winnow ingest auto FILE --label malicious (or benign)");
  }
  if (!data) return data.error();
  return History{std::move(*data), stream.events(), stream.unreadable()};
}

}  // namespace winnow::learn
