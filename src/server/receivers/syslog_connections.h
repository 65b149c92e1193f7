// The senders that are connected: who is let in, whose turn it is, who has to go.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "server/receivers/socket.h"
#include "server/receivers/syslog_batch.h"
#include "server/receivers/syslog_connection.h"
#include "server/receivers/syslog_options.h"
#include "server/receivers/syslog_use.h"

namespace winnow::server {

// Belongs to one thread. What it reads goes to `batch`, what it counts to `use`; all outlive it.
class SyslogConnections {
 public:
  using Time = std::chrono::steady_clock::time_point;
  SyslogConnections(const SyslogOptions& options, SyslogBatch& batch, SyslogUse& use);

  bool is_open() const { return epoll_.is_open(); }
  // Readable (epoll(7)) while one of them is.
  int descriptor() const { return epoll_.descriptor(); }

  // Owns the socket from now on; hangs up where there is no room for it.
  void admit(Socket socket, std::string sender, SyslogTransport transport, Time now);
  // Closes the connection that has been silent for longest, if that is long; whether it did.
  bool make_room(Time now);

  // Reads while the batch has room. Who found none the last time is read first, so that fast
  // senders leave others their turn.
  void read(Time now);
  // The same for those of which epoll knows nothing: TLS holds bytes of theirs.
  void read_held(Time now);
  bool holds_more() const { return !hold_more_.empty(); }
  void close_slow(Time now);

  // At the end: each once, as far as the batch has room. Whether there may be more.
  bool read_the_rest(Time now);
  void close_all();  // what came of messages that will not end is taken

 private:
  void read_one(int socket, Time now);
  void close(int socket);
  void finish_and_close(int socket);  // counted: it gave way, or took too long

  const SyslogOptions* options_;
  SyslogBatch* batch_;
  SyslogUse* use_;
  Socket epoll_;
  std::unordered_map<int, std::unique_ptr<SyslogConnection>> connections_;  // by socket
  std::deque<int> turns_;             // who has something, in the order of their turns
  std::unordered_set<int> in_turns_;  // the same
  std::vector<int> hold_more_;
};

}  // namespace winnow::server
