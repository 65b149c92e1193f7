// One sender's connection: its bytes, plain or through TLS, as syslog messages.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "http/stream.h"
#include "ingest/records/syslog_frames.h"
#include "server/receivers/syslog_batch.h"
#include "server/receivers/syslog_use.h"

namespace winnow::server {

class SyslogConnection {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // Owns the socket. `tls` is null for one that is not encrypted.
  SyslogConnection(int socket, std::unique_ptr<http::TlsSession> tls, std::string sender,
                   std::size_t max_message, Time now);

  // Takes what is there, but no more than a turn's part of it. False: the connection is over, and
  // its last message taken.
  bool read(SyslogBatch& batch, SyslogCounts& counts, Time now);
  // There is more of which epoll(7) does not know.
  bool holds_more() const { return stream_.holds_more(); }
  bool may_hold_more() const { return more_; }  // the last read() ended before the bytes did
  // The events of epoll(7) that reading waits for, where they are others than before (EPOLLIN).
  std::optional<std::uint32_t> new_events();

  int socket() const { return stream_.socket(); }
  SyslogTransport transport() const {
    return stream_.is_encrypted() ? SyslogTransport::Tls : SyslogTransport::Tcp;
  }
  Time last() const { return last_; }  // when something came
  // It has not finished its handshake or a message for too long.
  bool is_slow(Time now) const;
  // What came of a message that will not end.
  void finish(SyslogBatch& batch, SyslogCounts& counts);

 private:
  void take(SyslogBatch& batch, SyslogCounts& counts, const SyslogFrames::Frame& frame);

  http::Stream stream_;
  SyslogFrames frames_;
  std::string sender_;
  Time last_, begun_;  // begun_: the handshake, or the message that is being received
  bool more_ = false;
  std::uint32_t events_ = EPOLLIN;
};

}  // namespace winnow::server
