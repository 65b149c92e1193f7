// A test client's TLS: OpenSSL's, which trusts everybody. It offers what a test wants offered.
#pragma once

#include <memory>
#include <string>

#include "tests/http/test_certificate.h"
#include "tests/http/wire.h"

struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;

namespace winnow::testing {

struct TlsOffer {
  int least = 0, most = 0;                 // versions as OpenSSL numbers them; 0: what it has
  std::string ciphers = {};                // of TLS 1.2
  std::string protocols = {};              // of ALPN, each behind its length: "\x08http/1.1"
  std::string session = {};                // to be resumed: what session() said
  const TestCertificate* shown = nullptr;  // the client's own; null: none
};

class TlsWire final : public Wire {
 public:
  explicit TlsWire(std::uint16_t port, const TlsOffer& offer = {});
  ~TlsWire() override;
  TlsWire(const TlsWire&) = delete;
  TlsWire& operator=(const TlsWire&) = delete;

  bool send(std::string_view bytes) override;
  void end_sending() override;  // says close_notify, and goes on listening
  std::optional<std::string> receive(std::chrono::milliseconds patience) override;

  // What became of the handshake.
  bool is_open() const { return open_; }
  const std::string& why() const { return why_; }  // not
  std::string version() const;                     // "TLSv1.3"
  std::string protocol() const;                    // by ALPN
  std::string name() const;                        // in the server's certificate
  bool is_resumed() const;
  std::string session() const;    // once something was received
  bool renegotiate();             // false: the server does not
  bool was_told_the_end() const;  // by close_notify, not only by the connection's end

 private:
  std::shared_ptr<ssl_ctx_st> context_;
  std::shared_ptr<ssl_st> ssl_;
  std::string session_;  // filled by the context's callback
  int socket_;
  bool open_ = false;
  std::string why_;
};

}  // namespace winnow::testing
