#include "server/receivers/syslog_connections.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <sys/epoll.h>

namespace winnow::server {
namespace {

constexpr int kEvents = 256;

bool watch(const Socket& epoll, int socket, std::uint32_t events, int how = EPOLL_CTL_ADD) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  return ::epoll_ctl(epoll.descriptor(), how, socket, &event) == 0;
}

}  // namespace

SyslogConnections::SyslogConnections(const SyslogOptions& options, SyslogBatch& batch,
                                     SyslogUse& use)
    : options_(&options), batch_(&batch), use_(&use), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}

void SyslogConnections::admit(Socket socket, std::string sender, SyslogTransport transport,
                              Time now) {
  auto& counts = (*use_)[transport];
  if (connections_.size() >= options_->connections && !make_room(now)) {
    counts.closed.fetch_add(1, std::memory_order_relaxed);
    return;
  }
  const int descriptor = socket.descriptor();
  const bool is_tls = transport == SyslogTransport::Tls;
  auto session = is_tls ? options_->certificate->accept(descriptor) : nullptr;
  if ((is_tls && !session) || !watch(epoll_, descriptor, EPOLLIN)) return;
  connections_.try_emplace(descriptor, std::make_unique<SyslogConnection>(
                                           socket.release(), std::move(session), std::move(sender),
                                           options_->max_message, now));
  counts.connections.fetch_add(1, std::memory_order_relaxed);
}

bool SyslogConnections::make_room(Time now) {
  const auto longest = std::ranges::min_element(
      connections_, {}, [](const auto& known) { return known.second->last(); });
  if (longest == connections_.end() || now - longest->second->last() < options_->silence)
    return false;
  finish_and_close(longest->first);
  return true;
}

// Level-triggered, epoll tells of the same ones each time: those that still wait keep their place.
void SyslogConnections::read(Time now) {
  std::array<epoll_event, kEvents> events;
  const int count = ::epoll_wait(epoll_.descriptor(), events.data(), kEvents, 0);
  for (int i = 0; i < count; ++i) {
    const int socket = events[static_cast<std::size_t>(i)].data.fd;
    if (in_turns_.insert(socket).second) turns_.push_back(socket);
  }
  while (!turns_.empty() && batch_->has_room_for_streams()) {
    const int socket = turns_.front();
    turns_.pop_front();
    in_turns_.erase(socket);
    read_one(socket, now);
  }
}

void SyslogConnections::read_held(Time now) {
  for (const int socket : std::exchange(hold_more_, {})) read_one(socket, now);
}

void SyslogConnections::read_one(int socket, Time now) {
  const auto found = connections_.find(socket);
  if (found == connections_.end()) return;  // closed meanwhile
  auto& connection = *found->second;
  if (!connection.read(*batch_, (*use_)[connection.transport()], now)) return close(socket);
  if (connection.holds_more()) hold_more_.push_back(socket);
  if (const auto events = connection.new_events()) watch(epoll_, socket, *events, EPOLL_CTL_MOD);
}

void SyslogConnections::close(int socket) {
  const auto found = connections_.find(socket);
  (*use_)[found->second->transport()].connections.fetch_sub(1, std::memory_order_relaxed);
  connections_.erase(found);  // which also takes its socket out of epoll
}

void SyslogConnections::finish_and_close(int socket) {
  auto& connection = *connections_.at(socket);
  auto& counts = (*use_)[connection.transport()];
  connection.finish(*batch_, counts);
  counts.closed.fetch_add(1, std::memory_order_relaxed);
  close(socket);
}

void SyslogConnections::close_slow(Time now) {
  std::vector<int> slow;
  for (const auto& [socket, connection] : connections_) {
    if (connection->is_slow(now)) slow.push_back(socket);
  }
  for (const int socket : slow) finish_and_close(socket);
}

bool SyslogConnections::read_the_rest(Time now) {
  bool more = false;
  std::vector<int> ended;
  for (auto& [socket, connection] : connections_) {
    if (!connection->read(*batch_, (*use_)[connection->transport()], now)) ended.push_back(socket);
    more = more || connection->may_hold_more() || connection->holds_more();
    if (!batch_->has_room_for_streams()) break;
  }
  for (const int socket : ended) close(socket);
  return more || !batch_->has_room_for_streams();
}

void SyslogConnections::close_all() {
  while (!connections_.empty()) {
    auto& connection = *connections_.begin()->second;
    connection.finish(*batch_, (*use_)[connection.transport()]);
    close(connections_.begin()->first);
  }
}

}  // namespace winnow::server
