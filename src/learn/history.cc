#include "learn/history.h"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "learn/replay.h"
#include "pipeline/known_intelligence.h"

namespace winnow::learn {
namespace {

Label row_label(winnow::Label label) {
  switch (label) {
    case winnow::Label::Phish:
      return Label::Malicious;
    case winnow::Label::Spam:
      return Label::Unwanted;
    default:
      return Label::Benign;
  }
}

// The events of the log as replay() wants them. The log orders those of one moment by arrival, a
// data set by digest, so that the same mails give the same bytes however they came in.
class LogStream {
 public:
  LogStream(const EventLog& events, const EventFilter& filter, const RecordMapping& mapping,
            KnownIntelligence& intelligence)
      : scan_(events.scan(filter)), mapping_(&mapping), intelligence_(&intelligence) {}

  Result<std::optional<HistoricEvent>> next() {
    if (moment_.empty()) {
      WINNOW_TRY(read_moment());
    }
    if (moment_.empty()) return std::optional<HistoricEvent>();
    auto event = std::move(moment_.front());
    moment_.pop_front();
    intelligence_->move_to(event.event.time());
    return std::optional(std::move(event));
  }

  std::uint64_t events() const { return events_; }
  std::uint64_t labelled() const { return labelled_; }
  std::uint64_t unreadable() const { return unreadable_; }

 private:
  // Takes the readable events of the next moment, and the first one behind it.
  Status read_moment() {
    if (ahead_) moment_.push_back(*std::exchange(ahead_, std::nullopt));
    while (!ended_) {
      WINNOW_TRY(auto event, read_one());
      if (!event) continue;
      if (!moment_.empty() && event->time != moment_.front().time) {
        ahead_ = std::move(event);
        break;
      }
      moment_.push_back(*std::move(event));
    }
    std::sort(moment_.begin(), moment_.end(), [](const HistoricEvent& a, const HistoricEvent& b) {
      return a.event.raw_digest() < b.event.raw_digest();
    });
    return {};
  }

  // The next event of the log; nothing at its end or when this mapping cannot read it.
  Result<std::optional<HistoricEvent>> read_one() {
    WINNOW_TRY(const bool more, scan_.next());
    ended_ = !more;
    if (ended_) return std::optional<HistoricEvent>();
    ++events_;
    const auto& stored = scan_.event();
    WINNOW_TRY(const auto raw, scan_.read_raw());
    auto event = mapping_->apply(stored, raw);
    if (!event) {
      ++unreadable_;
      return std::optional<HistoricEvent>();
    }
    std::optional<Label> label;
    if (stored.label != winnow::Label::None) label = row_label(stored.label);
    labelled_ += label ? 1 : 0;
    return std::optional(HistoricEvent{*std::move(event), stored.event_time, stored.source, label});
  }

  EventScan scan_;
  const RecordMapping* mapping_;
  KnownIntelligence* intelligence_;
  std::deque<HistoricEvent> moment_;
  std::optional<HistoricEvent> ahead_;
  bool ended_ = false;
  std::uint64_t events_ = 0, labelled_ = 0, unreadable_ = 0;
};

}  // namespace

Result<History> replay_history(const EventLog& events, const EventFilter& filter,
                               const RecordMapping& mapping, const FeatureSet& features,
                               const IntelSnapshot* intel, Progress& progress) {
  KnownIntelligence intelligence(intel, KnownIntelligence::count_ranked(intel), Timestamp());
  LogStream stream(events, filter, mapping, intelligence);
  MemoryEntityStates states;
  auto data = replay([&] { return stream.next(); }, features, intelligence, states, {}, progress);
  if (stream.labelled() == 0 && !data) {
    return Error(Code::InvalidArgument,
                 fmt::format("none of {} events has a label", stream.events()))
        .with_hint("winnow ingest mail FILE --label phish (or benign, spam)");
  }
  if (!data) return data.error();
  return History{std::move(*data), stream.events(), stream.unreadable()};
}

}  // namespace winnow::learn
