#include "server/receivers/syslog_batch.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "ingest/records/line_joiner.h"

namespace winnow::server {
namespace {

constexpr std::size_t kOverhead = 32;  // of a message, about: none is for nothing
constexpr std::string_view kOthers = "(others)";

// Of one sender's events; the rest of one comes soon, or not at all.
constexpr LineJoiner::Limits kJoins{.events = 16, .bytes = 64UL << 10, .all_bytes = 128UL << 10};

std::uint64_t millis_of(SyslogBatch::Time time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}
SyslogBatch::Time time_of(std::uint64_t millis) {
  return SyslogBatch::Time(std::chrono::milliseconds(millis));
}

std::string via_of(SyslogTransport transport, std::string_view sender) {
  std::string via = "syslog ";
  via += kSyslogTransports[static_cast<std::size_t>(transport)];
  return via.append(" from ").append(sender);
}

}  // namespace

void SyslogBatch::put(std::string_view via, std::string_view message, bool cut,
                      std::optional<Time> since) {
  auto found = senders_.find(via);
  if (found == senders_.end()) found = senders_.try_emplace(std::string(via)).first;
  found->second.bytes.append(message);
  found->second.messages.push_back({message.size(), cut, since});
  bytes_ += message.size() + kOverhead;
}

void SyslogBatch::add(SyslogTransport transport, std::string_view sender, std::string_view message,
                      bool cut) {
  put(via_of(transport, sender), message, cut);
}

bool SyslogBatch::add_datagram(std::string_view sender, std::string_view message, bool cut) {
  auto share = shares_.find(sender);
  if (share == shares_.end()) {
    const auto name = shares_.size() < kMostSenders ? sender : kOthers;
    share = shares_.try_emplace(std::string(name)).first;
  }
  const auto size = message.size() + kOverhead;
  if (datagram_bytes_ + size > room_) return drop(sender);
  const bool is_crowded = datagram_bytes_ + size > room_ / 2;
  const auto most = room_ / 2 / shares_.size();
  if (is_crowded && share->second + size > most) return drop(sender);
  share->second += size;
  datagram_bytes_ += size;
  put(via_of(SyslogTransport::Udp, share->first), message, cut);
  return true;
}

bool SyslogBatch::drop(std::string_view sender) {
  auto dropped = dropped_.find(sender);
  if (dropped == dropped_.end()) {
    const auto name = dropped_.size() < kMostSenders ? sender : kOthers;
    dropped = dropped_.try_emplace(std::string(name)).first;
  }
  ++dropped->second;
  return false;
}

std::pair<std::string, std::uint64_t> SyslogBatch::most_dropped() const {
  const auto most = std::ranges::max_element(
      dropped_, {}, [](const auto& of_sender) { return of_sender.second; });
  if (most == dropped_.end()) return {};
  return {most->first, most->second};
}

// Puts back what of it waits for the rest of its event.
std::optional<Delivery> SyslogBatch::take_of(const Senders::value_type& of, std::string_view source,
                                             Time now, bool everything) {
  const auto& [via, sender] = of;
  LineJoiner joiner(kJoins);
  std::deque<std::string> texts;  // of joined messages
  std::vector<EnvelopedRecord> records;
  const auto take_joined = [&] {
    while (auto joined = joiner.take()) {
      const auto form = joined->lines > 1 ? RecordForm::SyslogLines : RecordForm::SyslogLog;
      records.push_back({.form = form, .raw = texts.emplace_back(std::move(joined->raw))});
    }
  };
  std::string_view rest = sender.bytes;
  for (const auto& [size, cut, since] : sender.messages) {
    const auto message = rest.substr(0, size);
    rest.remove_prefix(size);
    if (cut || !joiner.add(message, 0, millis_of(since.value_or(now))))
      records.push_back({.form = RecordForm::SyslogLog, .raw = message, .cut = cut});
    take_joined();
  }
  const bool has_room = bytes_ < room_ / 4;
  joiner.end_before(everything || !has_room ? UINT64_MAX : millis_of(now - kMostWait));
  take_joined();
  for (const auto& open : joiner.open()) {
    for (auto left = std::string_view(open.raw); !left.empty();) {
      const auto message = left.substr(0, left.find('\n'));
      left.remove_prefix(std::min(message.size() + 1, left.size()));
      put(via, message, false, time_of(open.line));
    }
  }
  if (records.empty()) return std::nullopt;
  return deliver_records(source, via, records);
}

std::vector<Delivery> SyslogBatch::take(std::string_view source, Time now, bool everything) {
  const auto senders = std::exchange(senders_, {});
  shares_.clear();
  bytes_ = datagram_bytes_ = 0;
  std::vector<Delivery> all;
  for (const auto& of : senders) {
    if (auto delivery = take_of(of, source, now, everything)) all.push_back(std::move(*delivery));
  }
  return all;
}

}  // namespace winnow::server
