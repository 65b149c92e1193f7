// API tokens: who a program is. The audit log is the truth: creating and revoking are recorded
// there first, and what stands in SQL is only its projection, caught up whenever it is opened. Of a
// secret only its SHA-256 is kept; it has 256 random bits, so nothing slower is needed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "registry/registry.h"
#include "server/access/role.h"
#include "store/sqlite.h"

namespace winnow::server {

struct Token {
  std::string id;    // "t-7f3a90c1d2e4"
  std::string name;  // whose it is, for people: "mail-gateway"
  Role role = Role::Sensor;
  Digest secret;  // SHA-256 of the whole token
  Timestamp created;
  std::string actor;  // who created it
  std::optional<Timestamp> expires;
  std::optional<Timestamp> revoked;

  bool is_valid_at(Timestamp t) const { return !revoked && (!expires || t < *expires); }
};

// The id that a token's text carries ("wnw_" id "_" secret), or nothing for what is no token.
std::optional<std::string> token_id_in(std::string_view text);

Json token_json(const Token& token);  // all but the secret

struct NewToken {
  Token token;
  std::string text;  // what the client sends; it cannot be had again
};

// One thread at a time. `registry` outlives it.
class Tokens {
 public:
  static Result<Tokens> open(Registry& registry, const Path& database);

  // Errors: InvalidArgument (the name: 1 to 64 of a-z, 0-9, '.', '_', '-'), AlreadyExists (a valid
  // token has the name).
  Result<NewToken> create(std::string_view name, Role role, std::optional<Duration> lifetime,
                          std::string_view actor);
  // By id or by the name of a token that is not revoked. Errors: NotFound, Conflict (is revoked).
  Result<Token> revoke(std::string_view id_or_name, std::string_view actor);
  Result<std::vector<Token>> list();  // oldest first, revoked ones too

 private:
  Tokens(Registry& registry, Sqlite database)
      : registry_(&registry), database_(std::move(database)) {}
  Status catch_up();
  Status project(std::string_view entry);
  Registry* registry_;
  Sqlite database_;
};

}  // namespace winnow::server
