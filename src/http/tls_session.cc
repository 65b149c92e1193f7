#include "http/detail/tls_session.h"

#include <cerrno>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace winnow::http {
namespace {

// For the one who speaks HTTP to a port of HTTPS: browsers do when somebody types an address.
constexpr std::string_view kPlainAnswer =
    "HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n"
    "this port speaks HTTPS: its address begins with https://\n";

}  // namespace

// A BIO of our own instead of OpenSSL's socket BIO: that one writes without MSG_NOSIGNAL, so that a
// client that is gone would end the process. It also spares asking a socket that is known to be
// empty.
struct TlsSession::Wire {
  static TlsSession& session(BIO* bio) { return *static_cast<TlsSession*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* to, int room) {
    auto& session = Wire::session(bio);
    BIO_clear_retry_flags(bio);
    while (!session.socket_dry_) {
      const auto got = ::recv(session.socket_, to, static_cast<std::size_t>(room), 0);
      session.socket_dry_ = got < room && !(got < 0 && errno == EINTR);
      session.socket_ended_ = got == 0;
      if (got > 0) return static_cast<int>(got);
      if (got == 0 || (errno != EAGAIN && errno != EINTR)) return static_cast<int>(got);
    }
    BIO_set_retry_read(bio);
    return -1;
  }

  static int write(BIO* bio, const char* bytes, int size) {
    BIO_clear_retry_flags(bio);
    for (;;) {
      const auto sent =
          ::send(session(bio).socket_, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
      if (sent >= 0) return static_cast<int>(sent);
      if (errno == EINTR) continue;
      if (errno == EAGAIN) BIO_set_retry_write(bio);
      return -1;
    }
  }

  static long control(BIO* bio, int what, long, void*) {
    if (what == BIO_CTRL_EOF) return session(bio).socket_ended_ ? 1 : 0;
    return what == BIO_CTRL_FLUSH ? 1 : 0;  // nothing is held back
  }

  static const BIO_METHOD* method() {
    static const BIO_METHOD* const kMethod = [] {
      auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
      if (made == nullptr) return made;
      BIO_meth_set_read(made, read);
      BIO_meth_set_write(made, write);
      BIO_meth_set_ctrl(made, control);
      return made;
    }();
    return kMethod;
  }
};

void TlsSession::Free::operator()(SSL* ssl) const { SSL_free(ssl); }

std::unique_ptr<TlsSession> TlsSession::accept(SSL_CTX* context, int socket) {
  std::unique_ptr<TlsSession> session(new TlsSession(socket));
  session->ssl_.reset(SSL_new(context));
  BIO* const bio = session->ssl_ && Wire::method() != nullptr ? BIO_new(Wire::method()) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, session.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(session->ssl_.get(), bio, bio);
  SSL_set_accept_state(session->ssl_.get());
  return session;
}

bool TlsSession::is_established() const { return SSL_is_init_finished(ssl_.get()) == 1; }

Transfer TlsSession::read(char* to, std::size_t room) {
  if (write_blocked_) return {Flow::Blocked};
  if (dry_) dry_ = socket_dry_ = false;  // something happened since
  ERR_clear_error();
  std::size_t got = 0;
  const int result = SSL_read_ex(ssl_.get(), to, room, &got);
  if (result == 1) return {Flow::Moved, got};
  const auto transfer = outcome(result, reads_on_);
  dry_ = true;
  return transfer;
}

Transfer TlsSession::write(std::string_view bytes) {
  ERR_clear_error();
  std::size_t sent = 0;
  const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
  write_blocked_ = result != 1;
  if (result == 1) {
    writes_on_ = EPOLLOUT;
    return {Flow::Moved, sent};
  }
  return outcome(result, writes_on_);
}

Transfer TlsSession::outcome(int result, std::uint32_t& waits_for) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      waits_for = EPOLLIN;
      return {Flow::Blocked};
    case SSL_ERROR_WANT_WRITE:
      waits_for = EPOLLOUT;
      return {Flow::Blocked};
    case SSL_ERROR_ZERO_RETURN:
      return {Flow::Ended};
    default:
      broken_ = true;
      if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) tell_plain_client();
      return {Flow::Broken};
  }
}

void TlsSession::tell_plain_client() const {
  [[maybe_unused]] const auto sent =
      ::send(socket_, kPlainAnswer.data(), kPlainAnswer.size(), MSG_NOSIGNAL);
}

// RFC 8446, section 6.1. A session that failed has said its alert.
void TlsSession::end() {
  if (broken_ || !is_established()) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
}

}  // namespace winnow::http
