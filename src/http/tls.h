// TLS for a server: the certificate that it shows and the key it proves it with, from PEM files
// that may be renewed while it serves. TLS 1.3 (RFC 8446), and 1.2 with forward secrecy and
// authenticated encryption only (RFC 9325).
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "base/timestamp.h"

namespace winnow::http {

class TlsSession;

struct TlsFiles {
  Path certificate;  // the server's own first, then those that vouch for it
  Path key;          // without a passphrase
  // Certificates that vouch for clients: who shows none of theirs is not let in.
  std::optional<Path> client_ca = {};
};

// Thread-safe.
class Tls {
 public:
  // Errors: InvalidArgument (what is in the files, or they do not belong together), and of reading
  // them; each with the file's name and what to do.
  static Result<std::shared_ptr<Tls>> load(TlsFiles files);
  ~Tls();

  // Reads the files again. Connections that are made from now on use what they say; after an error,
  // as of a key that was not yet renewed with its certificate, all stays as it was. True: it is not
  // what it was before. Errors: as load().
  Result<bool> renew();

  Timestamp expires() const;  // the certificate
  // What an operator should know: it expires soon, everybody may read the key, ...
  std::vector<std::string> warnings(Timestamp now) const;

  // The server's side of one connection; null without memory.
  std::unique_ptr<TlsSession> accept(int socket) const;

 private:
  struct Identity;
  explicit Tls(TlsFiles files) : files_(std::move(files)) {}
  static Result<std::shared_ptr<const Identity>> read(const TlsFiles& files);
  std::shared_ptr<const Identity> identity() const;

  const TlsFiles files_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Identity> identity_;  // guarded by mutex_
};

}  // namespace winnow::http
