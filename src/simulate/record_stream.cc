#include "simulate/record_stream.h"

#include <utility>

namespace winnow::simulate {

RecordStream::RecordStream(Timestamp from, unsigned days, Make make)
    : from_(from), days_(days), make_(std::move(make)) {}

bool RecordStream::next(SimulatedRecord& out) {
  while (at_ == today_.size()) {
    if (day_ == days_) return false;
    const auto begins = from_ + std::chrono::hours(24 * day_);
    const auto weekday = civil(begins).weekday;
    today_ = make_({.number = day_, .begins = begins, .is_work = weekday != 0 && weekday != 6});
    at_ = 0;
    ++day_;
  }
  out = std::move(today_[at_++]);
  return true;
}

}  // namespace winnow::simulate
