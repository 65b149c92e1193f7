// The receiver's UDP socket: many datagrams a system call, each one message (RFC 5426, section
// 3.1), with the number of those that the system lost before.
#pragma once

#include <memory>

#include "server/receivers/socket.h"
#include "server/receivers/syslog_batch.h"

namespace winnow::server {

class SyslogDatagrams {
 public:
  SyslogDatagrams(Socket socket, std::size_t max_message);
  ~SyslogDatagrams();

  // Takes what has arrived, but no more than a turn's part of it; false: it took all of it.
  bool read(SyslogBatch& batch, SyslogCounts& counts);
  int socket() const { return socket_.descriptor(); }
  std::uint16_t port() const { return socket_.port(); }

 private:
  struct Buffers;
  Socket socket_;
  std::size_t max_message_;
  std::unique_ptr<Buffers> buffers_;
};

}  // namespace winnow::server
