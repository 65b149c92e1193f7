#include "http/tls.h"

#include <ctime>
#include <utility>

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "http/detail/tls_session.h"

namespace winnow::http {
namespace {

constexpr std::uint64_t kMaxFileBytes = 1UL << 20;
constexpr int kMaxChain = 16;
constexpr Duration kSoon = std::chrono::hours(14 * 24);

// RFC 9325, section 4.2: forward secrecy and AEAD. Those of TLS 1.3 are all good.
constexpr const char* kCiphersOf12 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384";

template <auto kFree>
struct FreeBy {
  template <typename T>
  void operator()(T* one) const {
    kFree(one);
  }
};
using Bio = std::unique_ptr<BIO, FreeBy<BIO_free_all>>;
using Context = std::unique_ptr<SSL_CTX, FreeBy<SSL_CTX_free>>;
using Certificate = std::unique_ptr<X509, FreeBy<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;

// OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) { return -1; }

Bio pem_of(const std::string& text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// ALPN (RFC 7301): HTTP/1.1 is all we speak; who speaks only another protocol is told so.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* offered, unsigned size, void*) {
  static constexpr unsigned char kOurs[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kOurs, sizeof kOurs, offered, size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

// What every connection has in common, before it is known who we are.
Result<Context> new_context() {
  Context context(SSL_CTX_new(TLS_server_method()));
  const bool made = context && SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1 &&
                    SSL_CTX_set_cipher_list(context.get(), kCiphersOf12) == 1 &&
                    SSL_CTX_set1_groups_list(context.get(), kGroups) == 1;
  if (!made) return Error(Code::Unavailable, "OpenSSL cannot do TLS as it is needed here");
  SSL_CTX_set_security_level(context.get(), 2);  // 112 bits, whatever the system's openssl.cnf says
  // A client may close without saying goodbye: requests tell their own length (RFC 9112, 9.8).
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE |
                                         SSL_OP_PRIORITIZE_CHACHA | SSL_OP_IGNORE_UNEXPECTED_EOF);
  // An idle connection keeps no buffers; an answer's memory may grow while it waits to be sent.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context.get(), 1);  // one recv(2) a request instead of two
  // Tickets resume sessions: the server remembers none, and takes no early data, which could be
  // replayed.
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  return context;
}

Timestamp time_of(const ASN1_TIME* time) {
  std::tm utc{};
  if (ASN1_TIME_to_tm(time, &utc) != 1) return {};
  return Timestamp::from_civil(utc.tm_year + 1900, static_cast<unsigned>(utc.tm_mon) + 1,
                               static_cast<unsigned>(utc.tm_mday), utc.tm_hour, utc.tm_min,
                               utc.tm_sec);
}

Error bad_file(const Path& file, std::string_view found, std::string hint) {
  return Error(Code::InvalidArgument, fmt::format("{}: {}", file.string(), found))
      .with_hint(std::move(hint));
}

// Puts the chain into the context; the server's own certificate.
Result<Certificate> use_certificates(SSL_CTX* context, const Path& file, const std::string& text) {
  const Bio pem = pem_of(text);
  Certificate own(pem ? PEM_read_bio_X509(pem.get(), nullptr, no_passphrase, nullptr) : nullptr);
  if (!own) {
    return bad_file(file, "there is no certificate in it",
                    "a PEM file, '-----BEGIN CERTIFICATE-----', the server's own first");
  }
  if (SSL_CTX_use_certificate(context, own.get()) != 1)
    return bad_file(file, "its key is too weak for TLS", "RSA of 2048 bits or more, or P-256");
  for (int others = 0;; ++others) {
    Certificate other(PEM_read_bio_X509(pem.get(), nullptr, no_passphrase, nullptr));
    if (!other) break;
    if (others == kMaxChain)
      return bad_file(file, "it holds too many certificates", "the server's own, and its chain");
    if (SSL_CTX_add1_chain_cert(context, other.get()) != 1)
      return bad_file(file, "a certificate of its chain is too weak for TLS", "ask who issued it");
  }
  return own;
}

Status use_key(SSL_CTX* context, X509* own, const TlsFiles& files, const std::string& text) {
  const Bio pem = pem_of(text);
  const Key key(pem ? PEM_read_bio_PrivateKey(pem.get(), nullptr, no_passphrase, nullptr)
                    : nullptr);
  if (!key) {
    const bool locked = text.find("ENCRYPTED") != std::string::npos;
    return bad_file(files.key, locked ? "the key needs a passphrase" : "there is no key in it",
                    locked ? "openssl pkey takes it away; let nobody else read the result"
                           : "a PEM file, '-----BEGIN PRIVATE KEY-----'");
  }
  if (X509_check_private_key(own, key.get()) != 1) {
    return bad_file(files.key,
                    fmt::format("the key is not that of the first certificate in {}",
                                files.certificate.string()),
                    "both come from one request; the server's own certificate stands first");
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1)
    return bad_file(files.key, "the key cannot be used for TLS", "RSA, P-256, P-384 or Ed25519");
  return {};
}

// RFC 8446, section 4.3.2: clients are told whose certificates are taken.
Status require_clients(SSL_CTX* context, const Path& file, const std::string& text) {
  const Bio pem = pem_of(text);
  int count = 0;
  for (;; ++count) {
    const Certificate one(pem ? PEM_read_bio_X509(pem.get(), nullptr, no_passphrase, nullptr)
                              : nullptr);
    if (!one) break;
    if (X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get()) != 1 ||
        SSL_CTX_add_client_CA(context, one.get()) != 1)
      return bad_file(file, "a certificate in it cannot be used", "ask who issued it");
  }
  if (count == 0) {
    return bad_file(file, "there is no certificate in it",
                    "a PEM file with the certificates of who signs those of clients");
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  static constexpr unsigned char kSessions[] = "winnow";  // OpenSSL wants one where it verifies
  SSL_CTX_set_session_id_context(context, kSessions, sizeof kSessions - 1);
  return {};
}

bool is_open_to_all(const Path& file) {
  struct stat about {};
  return ::stat(file.c_str(), &about) == 0 && (about.st_mode & S_IRWXO) != 0;
}

}  // namespace

struct Tls::Identity {
  Context context;
  Digest files;  // of what was read
  Timestamp begins, expires;
  bool is_key_open = false;  // to everybody
};

Tls::~Tls() = default;

Result<std::shared_ptr<const Tls::Identity>> Tls::read(const TlsFiles& files) {
  WINNOW_TRY(const auto certificates, read_file(files.certificate, kMaxFileBytes));
  WINNOW_TRY(const auto key, read_file(files.key, kMaxFileBytes));
  std::string client_ca;
  if (files.client_ca) {
    WINNOW_TRY(client_ca, read_file(*files.client_ca, kMaxFileBytes));
  }
  auto identity = std::make_shared<Identity>();
  identity->files = Sha256()
                        .update(sha256(certificates).as_text())
                        .update(sha256(client_ca).as_text())
                        .update(key)
                        .finish();
  WINNOW_TRY(identity->context, new_context());
  auto* const context = identity->context.get();
  WINNOW_TRY(const auto own, use_certificates(context, files.certificate, certificates));
  WINNOW_TRY(use_key(context, own.get(), files, key));
  if (files.client_ca) {
    WINNOW_TRY(require_clients(context, *files.client_ca, client_ca));
  }
  identity->begins = time_of(X509_get0_notBefore(own.get()));
  identity->expires = time_of(X509_get0_notAfter(own.get()));
  identity->is_key_open = is_open_to_all(files.key);
  return std::shared_ptr<const Identity>(std::move(identity));
}

Result<std::shared_ptr<Tls>> Tls::load(TlsFiles files) {
  std::shared_ptr<Tls> tls(new Tls(std::move(files)));
  WINNOW_TRY(tls->identity_, read(tls->files_));
  return tls;
}

Result<bool> Tls::renew() {
  WINNOW_TRY(auto fresh, read(files_));
  const std::lock_guard lock(mutex_);
  const bool is_new = fresh->files != identity_->files;
  // What stays the same keeps its session tickets.
  if (is_new) identity_ = std::move(fresh);
  return is_new;
}

std::shared_ptr<const Tls::Identity> Tls::identity() const {
  const std::lock_guard lock(mutex_);
  return identity_;
}

Timestamp Tls::expires() const { return identity()->expires; }

std::vector<std::string> Tls::warnings(Timestamp now) const {
  const auto current = identity();
  std::vector<std::string> found;
  const auto until = current->expires.text();
  if (current->expires <= now) {
    found.push_back(fmt::format("the certificate expired on {}: clients refuse it", until));
  } else if (current->expires - now < kSoon) {
    found.push_back(fmt::format("the certificate expires on {}", until));
  }
  if (now < current->begins) {
    found.push_back(fmt::format("the certificate is not valid before {}", current->begins.text()));
  }
  if (current->is_key_open)
    found.push_back(fmt::format("every user of this machine may read {}", files_.key.string()));
  return found;
}

std::unique_ptr<TlsSession> Tls::accept(int socket) const {
  return TlsSession::accept(identity()->context.get(), socket);  // which keeps the context alive
}

}  // namespace winnow::http
