// A connection's bytes: over its socket as they are, or through TLS. Never waits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include <sys/epoll.h>

#include "http/detail/tls_session.h"
#include "http/transfer.h"

namespace winnow::http {

class Stream {
 public:
  // Owns the socket. `tls` is null for bytes as they are.
  Stream(int socket, std::unique_ptr<TlsSession> tls) : socket_(socket), tls_(std::move(tls)) {}
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  int socket() const { return socket_; }
  bool is_encrypted() const { return tls_ != nullptr; }
  bool is_established() const { return !tls_ || tls_->is_established(); }  // the handshake is over

  Transfer read(char* to, std::size_t room);
  // What is left of a write that was Blocked stands at the beginning of the next one.
  Transfer write(std::string_view bytes);

  // Nothing more can be read before epoll(7) tells of it. Otherwise there may be bytes of which it
  // does not know.
  bool is_dry() const { return tls_ ? tls_->is_dry() : dry_; }
  bool holds_more() const { return tls_ && tls_->holds_more(); }
  // The events that reading and writing wait for.
  std::uint32_t reads_on() const { return tls_ ? tls_->reads_on() : EPOLLIN; }
  std::uint32_t writes_on() const { return tls_ ? tls_->writes_on() : EPOLLOUT; }

  // After EPOLLRDHUP: whether nothing that the peer sent is left to read. What stands behind a
  // request that is being answered cannot be told apart from TLS's own goodbye: it is left.
  bool is_read_to_its_end() const;
  void end();  // tells the peer that nothing more comes, as far as that goes without waiting

 private:
  int socket_;
  bool dry_ = true;  // of a plain one
  std::unique_ptr<TlsSession> tls_;
};

}  // namespace winnow::http
