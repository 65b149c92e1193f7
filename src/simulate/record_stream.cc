#include "simulate/record_stream.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace winnow::simulate {

RecordStream::RecordStream(Timestamp from, unsigned days, Make make)
    : from_(from), days_(days), make_(std::move(make)) {}

void RecordStream::make_day() {
  const auto midnight = begins(day_);
  const auto weekday = civil(midnight).weekday;
  auto made = make_({.number = day_, .begins = midnight, .is_work = weekday != 0 && weekday != 6});
  ++day_;
  std::erase_if(made, [&](const SimulatedRecord& one) { return one.time < since_; });
  ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(at_));
  at_ = 0;
  ahead_.insert(ahead_.end(), std::move_iterator(made.begin()), std::move_iterator(made.end()));
  std::ranges::stable_sort(ahead_, {}, &SimulatedRecord::time);
}

bool RecordStream::next(SimulatedRecord& out) {
  const auto may_be_preceded = [&] {
    return at_ == ahead_.size() || ahead_[at_].time >= begins(day_) - kAround;
  };
  while (day_ < days_ && may_be_preceded()) make_day();
  if (at_ == ahead_.size()) return false;
  out = std::move(ahead_[at_++]);
  return true;
}

void RecordStream::skip_to(Timestamp at) {
  since_ = std::max(since_, at);
  while (day_ < days_ && begins(day_ + 1) + kAround <= at) ++day_;
  while (at_ < ahead_.size() && ahead_[at_].time < at) ++at_;
}

}  // namespace winnow::simulate
