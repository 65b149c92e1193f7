#include "tests/http/tls_wire.h"

#include <array>
#include <csignal>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace winnow::testing {
namespace {

constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

const unsigned char* as_bytes(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* const kept = static_cast<std::string*>(SSL_get_app_data(ssl));
  unsigned char* der = nullptr;
  const int size = i2d_SSL_SESSION(session, &der);
  kept->assign(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return 0;
}

void show(SSL_CTX* context, const TestCertificate& shown) {
  BIO* bio = BIO_new_mem_buf(shown.certificate.data(), static_cast<int>(shown.certificate.size()));
  X509* const certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  bio = BIO_new_mem_buf(shown.key.data(), static_cast<int>(shown.key.size()));
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  SSL_CTX_use_certificate(context, certificate);
  SSL_CTX_use_PrivateKey(context, key);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace

TlsWire::TlsWire(std::uint16_t port, const TlsOffer& offer)
    : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), socket_(connected_socket(port)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's own way to the socket raises it
  auto* const context = context_.get();
  SSL_CTX_set_security_level(context, 0);  // to offer what must be refused
  SSL_CTX_set_min_proto_version(context, offer.least);
  SSL_CTX_set_max_proto_version(context, offer.most);
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT);
  SSL_CTX_sess_set_new_cb(context, keep_session);
  if (!offer.ciphers.empty()) SSL_CTX_set_cipher_list(context, offer.ciphers.c_str());
  if (!offer.protocols.empty()) {
    SSL_CTX_set_alpn_protos(context, as_bytes(offer.protocols),
                            static_cast<unsigned>(offer.protocols.size()));
  }
  if (offer.shown != nullptr) show(context, *offer.shown);
  ssl_.reset(SSL_new(context), SSL_free);
  SSL_set_app_data(ssl_.get(), &session_);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  SSL_set_fd(ssl_.get(), socket_);
  if (!offer.session.empty()) {
    const auto* at = as_bytes(offer.session);
    SSL_SESSION* const session =
        d2i_SSL_SESSION(nullptr, &at, static_cast<long>(offer.session.size()));
    SSL_set_session(ssl_.get(), session);
    SSL_SESSION_free(session);
  }
  ERR_clear_error();
  open_ = SSL_connect(ssl_.get()) == 1;
  if (open_) return;
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  why_ = reason == nullptr ? "closed" : reason;
}

TlsWire::~TlsWire() {
  SSL_set_app_data(ssl_.get(), nullptr);
  ssl_.reset();
  ::close(socket_);
}

bool TlsWire::send(std::string_view bytes) {
  ERR_clear_error();
  std::size_t sent = 0;
  return bytes.empty() ||
         (open_ && SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1);
}

void TlsWire::end_sending() { SSL_shutdown(ssl_.get()); }

std::optional<std::string> TlsWire::receive(std::chrono::milliseconds patience) {
  if (!open_) return std::nullopt;
  const auto end = std::chrono::steady_clock::now() + patience;
  std::array<char, 65536> part;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    pollfd waiting{socket_, POLLIN, 0};
    if (SSL_pending(ssl_.get()) == 0 &&
        (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0))
      return "";
    ERR_clear_error();
    std::size_t got = 0;
    const int result = SSL_read_ex(ssl_.get(), part.data(), part.size(), &got);
    if (result == 1) return std::string(part.data(), got);
    // A record that was no data: a ticket, or the end of a handshake.
    if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ) return std::nullopt;
  }
}

std::string TlsWire::version() const { return SSL_get_version(ssl_.get()); }

std::string TlsWire::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  return size == 0 ? std::string() : std::string(reinterpret_cast<const char*>(chosen), size);
}

std::string TlsWire::name() const {
  X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  std::array<char, 256> text{};
  if (certificate != nullptr) {
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text.data(),
                              static_cast<int>(text.size()));
  }
  return text.data();
}

bool TlsWire::is_resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
std::string TlsWire::session() const { return session_; }

bool TlsWire::renegotiate() {
  ERR_clear_error();
  if (SSL_renegotiate(ssl_.get()) != 1 || SSL_do_handshake(ssl_.get()) != 1) return false;
  return true;
}

bool TlsWire::was_told_the_end() const {
  return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

}  // namespace winnow::testing
