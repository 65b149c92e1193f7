#include "server/activity.h"

#include <algorithm>
#include <numeric>

namespace winnow::server {
namespace {

constexpr std::int64_t kMinute = 60'000'000;  // microseconds

std::int64_t number_of_minute(Timestamp t) { return t.micros() / kMinute; }
Timestamp begin_of_minute(std::int64_t number) { return Timestamp::from_micros(number * kMinute); }

std::int64_t number_of_hour(Timestamp t) { return number_of_minute(t) / 60; }

std::size_t place_of_minute(std::int64_t number) {
  constexpr auto kMinutes = static_cast<std::int64_t>(Activity::kMinutes);
  return static_cast<std::size_t>(((number % kMinutes) + kMinutes) % kMinutes);
}

std::uint64_t decided_in(const Activity::Minute& minute) {
  return std::accumulate(minute.by_route.begin(), minute.by_route.end(), std::uint64_t{0});
}

template <typename Time>
Time at(std::vector<Time>& all, double share) {
  const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(all.size() - 1));
  std::nth_element(all.begin(), all.begin() + place, all.end());
  return all[static_cast<std::size_t>(place)];
}

}  // namespace

// The names come from clients: there are only so many.
Activity::Known& Activity::known(std::string_view name) {
  if (const auto known = sources_.find(name); known != sources_.end()) return known->second;
  if (sources_.size() >= kMostSources) name = kOthers;
  return sources_[std::string(name)];
}

void Activity::note_event_lag(Known& known, Duration lag) {
  known.source.ahead += lag < -kClockError ? 1 : 0;
  known.source.late += lag > kMostEventLag ? 1 : 0;
  if (lag < -kClockError || lag > kMostEventLag) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::max(lag, Duration(0)));
  if (known.event_lags.size() < kEventLags) {
    known.event_lags.push_back(seconds);
  } else {
    known.event_lags[known.next_event_lag] = seconds;
  }
  known.next_event_lag = (known.next_event_lag + 1) % kEventLags;
}

void Activity::take_up(std::string_view source, Timestamp last) {
  const std::lock_guard lock(mutex_);
  auto& newest = known(source).source.last;
  newest = std::max(newest, last);
}

void Activity::note_accepted(std::string_view source) {
  const auto now = clock_->now();
  const std::lock_guard lock(mutex_);
  known(source).source.last = now;
}

Activity::Known& Activity::note_record(std::string_view source, Timestamp now) {
  auto& of_source = known(source);
  of_source.source.last = now;
  of_source.minutes.note(number_of_minute(now));
  of_source.hours.note(number_of_hour(now));
  return of_source;
}

void Activity::note_read(const Read& read, Timestamp now) {
  auto& known = note_record(read.source, now);
  ++(read.mapping.empty() ? known.source.mails : known.source.events);
  const auto name = read.mapping.empty() ? std::string_view("mail") : read.mapping;
  ++known.source.mappings[std::string(name)];
  note_event_lag(known, now - read.happened);
}

void Activity::note_decision(const Read& read, Domain domain, winnow::Route route) {
  const auto now = clock_->now();
  const std::lock_guard lock(mutex_);
  note_read(read, now);
  count_decision(domain, route, now);
}

void Activity::note_late_decision(Domain domain, winnow::Route route) {
  const auto now = clock_->now();
  const std::lock_guard lock(mutex_);
  count_decision(domain, route, now);
}

void Activity::count_decision(Domain domain, winnow::Route route, Timestamp now) {
  ++decided_;
  const auto of_domain = static_cast<std::size_t>(domain);
  ++by_domain_[of_domain];
  const auto number = number_of_minute(now);
  auto& minute = minutes_[place_of_minute(number)];
  if (minute.begin != begin_of_minute(number)) minute = {begin_of_minute(number), {}, {}};
  ++minute.by_route[static_cast<std::size_t>(route)];
  ++minute.by_domain[of_domain];
}

void Activity::note_kept(const Read& read) {
  const auto now = clock_->now();
  const std::lock_guard lock(mutex_);
  note_read(read, now);
}

void Activity::note_quarantined(std::string_view source) {
  const auto now = clock_->now();
  const std::lock_guard lock(mutex_);
  ++note_record(source, now).source.quarantined;
}

void Activity::note_latency(std::chrono::nanoseconds took) {
  const std::lock_guard lock(mutex_);
  if (latencies_.size() < kLatencies) {
    latencies_.push_back(took);
  } else {
    latencies_[next_latency_] = took;
  }
  next_latency_ = (next_latency_ + 1) % kLatencies;
}

Activity::Sources Activity::told_sources(Timestamp now) const {
  Sources all;
  for (const auto& [name, known] : sources_) {
    auto& source = all.emplace(name, known.source).first->second;
    source.minutes = known.minutes.until(number_of_minute(now));
    source.hours = known.hours.until(number_of_hour(now));
    auto lags = known.event_lags;
    if (!lags.empty()) source.event_lag = at(lags, 0.5);
  }
  return all;
}

Activity::Sources Activity::sources() const {
  const auto now = clock_->now();
  const std::lock_guard lock(mutex_);
  return told_sources(now);
}

Activity::Summary Activity::summary() const {
  const auto now = clock_->now();
  const auto newest = number_of_minute(now);
  Summary summary;
  std::vector<std::chrono::nanoseconds> latencies;
  {
    const std::lock_guard lock(mutex_);
    summary.started = started_;
    summary.decided = decided_;
    summary.by_domain = by_domain_;
    summary.sources = told_sources(now);
    latencies = latencies_;
    for (auto number = newest - static_cast<std::int64_t>(kMinutes) + 1; number <= newest;
         ++number) {
      const auto& kept = minutes_[place_of_minute(number)];
      const auto begin = begin_of_minute(number);
      summary.minutes.push_back(kept.begin == begin ? kept : Minute{begin, {}, {}});
    }
  }
  // Of the minute before as much as the last 60 seconds have of it.
  const auto& present = summary.minutes[kMinutes - 1];
  const double past = std::chrono::duration<double>(now - present.begin) / std::chrono::minutes(1);
  summary.a_minute = static_cast<double>(decided_in(present)) +
                     (1 - past) * static_cast<double>(decided_in(summary.minutes[kMinutes - 2]));
  if (!latencies.empty()) {
    summary.p50 = at(latencies, 0.5);
    summary.p99 = at(latencies, 0.99);
  }
  return summary;
}

}  // namespace winnow::server
