// Syslog messages that go to the intake together, by who sent them; and how much of the room in it
// each sender of datagrams may have.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/receivers/syslog_use.h"
#include "server/threads/delivery.h"

namespace winnow::server {

class SyslogBatch {
 public:
  // Connections are not read beyond the first `room` bytes; as many are for datagrams, which cannot
  // wait.
  explicit SyslogBatch(std::size_t room) : room_(room) {}
  static constexpr std::size_t kMostSenders = 1024;  // of datagrams; the others share one place
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds kMostWait{500};

  void add(SyslogTransport transport, std::string_view sender, std::string_view message, bool cut);
  // As add(), unless the sender has its share already or nothing is left: false. Half of the room
  // is for whoever comes first, the other is divided evenly among those that have sent something.
  bool add_datagram(std::string_view sender, std::string_view message, bool cut);

  // Of whom the most datagrams found no room since the start, and how many; of kMostSenders, then
  // of those others together.
  std::pair<std::string, std::uint64_t> most_dropped() const;

  bool is_empty() const { return senders_.empty(); }
  bool has_room_for_streams() const { return bytes_ - datagram_bytes_ < room_; }
  std::size_t bytes() const { return bytes_; }
  // One delivery for each sender. Messages of one event (line_joiner.h) are one record: of an event
  // that has not ended they stay, but no longer than kMostWait, or, with `everything`, not at all.
  std::vector<Delivery> take(std::string_view source, Time now, bool everything = false);

 private:
  struct Message {
    std::size_t size;
    bool cut;
    std::optional<Time> since = {};  // when it was kept first, for the rest of its event
  };
  struct OfSender {
    std::string bytes;
    std::vector<Message> messages;
  };
  using Senders = std::map<std::string, OfSender, std::less<>>;  // by how they are called
  std::optional<Delivery> take_of(const Senders::value_type& of, std::string_view source, Time now,
                                  bool everything);
  bool drop(std::string_view sender);  // counts it; false
  void put(std::string_view via, std::string_view message, bool cut,
           std::optional<Time> since = {});

  const std::size_t room_;
  Senders senders_;
  std::map<std::string, std::size_t, std::less<>> shares_;     // of senders of datagrams
  std::map<std::string, std::uint64_t, std::less<>> dropped_;  // datagrams, by sender
  std::size_t bytes_ = 0, datagram_bytes_ = 0;
};

}  // namespace winnow::server
