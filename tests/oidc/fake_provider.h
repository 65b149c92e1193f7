// An identity provider in this process, with keys of its own, that says what a test wants said.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/timestamp.h"
#include "http/server.h"

namespace winnow::testing {

// A key to sign with.
class SigningKey {
 public:
  enum class Kind { Rsa, ShortRsa, Ec };
  explicit SigningKey(std::string id, Kind kind = Kind::Rsa);

  const std::string& id() const { return id_; }
  Json jwk() const;  // the public part
  // A token; `fields` go into its header besides alg and kid. An empty algorithm: RS256 or ES256.
  std::string sign(std::string_view payload, std::string_view algorithm = "",
                   const Json& fields = {}) const;

 private:
  std::string id_;
  Kind kind_;
  std::shared_ptr<void> jwk_;
};

// Signed by HS256 with a secret that anybody knows.
std::string sign_with_secret(std::string_view payload, std::string_view secret,
                             std::string_view key_id);

class FakeProvider final : public http::Handler {
 public:
  FakeProvider();

  const std::string& issuer() const { return issuer_; }
  std::string jwks() const;
  // What it says of somebody who signs in now; `changes` replace its members, null ones go.
  Json claims(std::string_view nonce, Timestamp now, const Json& changes = {}) const;

  http::Admission admit(const http::Request&) override { return {.body_bytes = 64UL << 10}; }
  void handle(http::Exchange& exchange) override;
  void refuse(int status, std::string_view why, http::Response& response) override;

  // What it answers at each path, with its status; a test changes them before it asks.
  struct Says {
    int status = 200;
    std::string body;
  };
  void says(const std::string& path, Says what);
  void gives(std::string_view id_token);  // at the token endpoint
  int asked(const std::string& path) const;
  std::string last_form() const;           // at the token endpoint
  std::string last_authorization() const;  // likewise

  SigningKey key{"k1"}, ec_key{"k2", SigningKey::Kind::Ec};
  static inline const std::string kClient = "winnow", kSecret = "s3cret & more";

 private:
  std::string issuer_;
  mutable std::mutex mutex_;  // of all below
  std::map<std::string, Says> says_;
  std::map<std::string, int> asked_;
  std::string form_, authorization_;
  std::unique_ptr<http::Server> server_;  // last: it asks the others
};

}  // namespace winnow::testing
