// One connection's TLS, over a socket that never waits: OpenSSL's state machine, and the way its
// bytes take to the socket.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include <sys/epoll.h>

#include "http/transfer.h"

struct ssl_ctx_st;
struct ssl_st;

namespace winnow::http {

class TlsSession {
 public:
  // The server's side of a connection. Null: there is no memory for it.
  static std::unique_ptr<TlsSession> accept(ssl_ctx_st* context, int socket);
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // As those of Stream. Reading performs the handshake.
  Transfer read(char* to, std::size_t room);
  Transfer write(std::string_view bytes);
  bool is_dry() const { return dry_; }
  // Not before a blocked write is over: reading may have to answer (RFC 8446, section 4.6.3), and
  // OpenSSL sends nothing in between.
  bool holds_more() const { return !dry_ && !write_blocked_; }
  std::uint32_t reads_on() const { return write_blocked_ ? writes_on_ : reads_on_; }
  std::uint32_t writes_on() const { return writes_on_; }
  bool is_established() const;
  void end();

 private:
  struct Free {
    void operator()(ssl_st* ssl) const;
  };
  struct Wire;  // what OpenSSL calls to reach the socket
  explicit TlsSession(int socket) : socket_(socket) {}
  Transfer outcome(int result, std::uint32_t& waits_for);
  void tell_plain_client() const;

  int socket_;
  std::unique_ptr<ssl_st, Free> ssl_;
  bool dry_ = true;             // the last read was blocked
  bool write_blocked_ = false;  // as was the last write
  bool socket_dry_ = false;     // the socket gave less than was asked for: it is not asked again
  bool socket_ended_ = false;
  bool broken_ = false;
  std::uint32_t reads_on_ = EPOLLIN, writes_on_ = EPOLLOUT;
};

}  // namespace winnow::http
