#include "server/receivers/syslog_batch.h"

#include <algorithm>

namespace winnow::server {
namespace {

constexpr std::size_t kOverhead = 32;  // of a message, about: none is for nothing
constexpr std::string_view kOthers = "(others)";

std::string via_of(SyslogTransport transport, std::string_view sender) {
  std::string via = "syslog ";
  via += kSyslogTransports[static_cast<std::size_t>(transport)];
  return via.append(" from ").append(sender);
}

}  // namespace

void SyslogBatch::put(std::string_view via, std::string_view message, bool cut) {
  auto found = senders_.find(via);
  if (found == senders_.end()) found = senders_.try_emplace(std::string(via)).first;
  found->second.bytes.append(message);
  found->second.messages.push_back({message.size(), cut});
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

std::vector<Delivery> SyslogBatch::take(std::string_view source) {
  std::vector<Delivery> all;
  for (const auto& [via, sender] : senders_) {
    std::vector<EnvelopedRecord> records;
    std::string_view rest = sender.bytes;
    for (const auto [size, cut] : sender.messages) {
      records.push_back({.form = RecordForm::SyslogLog, .raw = rest.substr(0, size), .cut = cut});
      rest.remove_prefix(size);
    }
    all.push_back(deliver_records(source, via, records));
  }
  senders_.clear();
  shares_.clear();
  bytes_ = datagram_bytes_ = 0;
  return all;
}

}  // namespace winnow::server
