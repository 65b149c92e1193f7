#include "server/access/tokens.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/json_text.h"
#include "base/secret.h"

namespace winnow::server {
namespace {

constexpr std::string_view kCreated = "token.created";
constexpr std::string_view kRevoked = "token.revoked";
constexpr std::string_view kPrefix = "wnw_";
constexpr std::size_t kIdBytes = 6, kSecretBytes = 32;
constexpr std::size_t kMaxName = 64;

constexpr std::array<std::string_view, 1> kSchema = {R"sql(
CREATE TABLE tokens (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  role    TEXT NOT NULL,
  secret  TEXT NOT NULL,
  created INTEGER NOT NULL,
  actor   TEXT NOT NULL,
  expires INTEGER,
  revoked INTEGER
) STRICT;
CREATE TABLE tokens_cursor (audit_entries INTEGER NOT NULL) STRICT;
INSERT INTO tokens_cursor VALUES (0);
)sql"};

Status check_name(std::string_view name) {
  const bool well_formed = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  if (well_formed && !name.empty() && name.size() <= kMaxName) return {};
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is no name for a token", name.substr(0, kMaxName)))
      .with_hint(fmt::format("1 to {} of a-z, 0-9, '.', '_' and '-'", kMaxName));
}

}  // namespace

std::optional<std::string> token_id_in(std::string_view text) {
  constexpr std::size_t kIdDigits = 2 * kIdBytes, kSecretDigits = 2 * kSecretBytes;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  if (text.size() != kIdDigits + 1 + kSecretDigits || text[kIdDigits] != '_') return std::nullopt;
  return fmt::format("t-{}", text.substr(0, kIdDigits));
}

Json token_json(const Token& token) {
  return Json::object({{"id", token.id},
                       {"name", token.name},
                       {"role", name_of(token.role)},
                       {"created", token.created.text()},
                       {"actor", token.actor},
                       {"expires", json_text(token.expires)},
                       {"revoked", json_text(token.revoked)}});
}

Result<Tokens> Tokens::open(Registry& registry, const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite));
  Tokens tokens(registry, std::move(sqlite));
  WINNOW_TRY(tokens.database_.migrate("tokens", kSchema));
  WINNOW_TRY(tokens.catch_up());
  return tokens;
}

Status Tokens::project(std::string_view text) {
  WINNOW_TRY(const auto entry, audit_entry_of(text));
  if (entry.action == kRevoked) {
    return database_.run("UPDATE tokens SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL",
                         entry.subject, entry.time);
  }
  if (entry.action != kCreated) return {};
  WINNOW_TRY(const auto name, entry.details.need_string("name"));
  WINNOW_TRY(const auto role, entry.details.need_string("role"));
  WINNOW_TRY(const auto secret, entry.details.need_string("secret_sha256"));
  std::optional<Timestamp> expires;
  if (const auto& until = entry.details["expires"]; until.is_string()) {
    WINNOW_TRY(expires, Timestamp::parse(until.as_string()));
  }
  return database_.run("INSERT OR REPLACE INTO tokens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL)",
                       entry.subject, name, role, secret, entry.time, entry.actor, expires);
}

Status Tokens::catch_up() {
  auto& audit = registry_->audit();
  WINNOW_TRY(auto transaction, database_.begin());
  std::uint64_t seen = 0;
  {
    WINNOW_TRY(auto cursor, database_.prepare("SELECT audit_entries FROM tokens_cursor"));
    WINNOW_TRY(cursor.bind());
    WINNOW_TRY(cursor.next());
    WINNOW_TRY(cursor.read(seen));
  }
  const auto size = audit.size();
  if (seen >= size) return {};  // another process may be ahead
  const auto project_entry = [&](std::uint64_t, std::string_view text) -> Result<bool> {
    WINNOW_TRY(project(text));
    return true;
  };
  WINNOW_TRY(audit.scan(seen, size, project_entry));
  WINNOW_TRY(database_.run("UPDATE tokens_cursor SET audit_entries = ?1", size));
  return transaction.commit();
}

Result<NewToken> Tokens::create(std::string_view name, Role role, std::optional<Duration> lifetime,
                                std::string_view actor) {
  WINNOW_TRY(check_name(name));
  WINNOW_TRY(catch_up());  // with what was recorded when the database had no room
  const auto now = registry_->clock().now();
  WINNOW_TRY(const auto known, list());
  for (const auto& token : known) {
    if (token.name == name && token.is_valid_at(now)) {
      return Error(Code::AlreadyExists, fmt::format("there is a token '{}' already", name))
          .with_hint("winnow tokens revoke ends it, or choose another name");
    }
  }
  const auto id = to_hex(random_bytes(kIdBytes));
  NewToken made;
  made.text = fmt::format("{}{}_{}", kPrefix, id, to_hex(random_bytes(kSecretBytes)));
  made.token = {.id = "t-" + id,
                .name = std::string(name),
                .role = role,
                .secret = sha256(made.text),
                .created = now,
                .actor = std::string(actor),
                .expires = lifetime ? std::optional(now + *lifetime) : std::nullopt,
                .revoked = {}};
  // First record, then act: a token that cannot be recorded does not exist.
  WINNOW_TRY(
      registry_->audit().append({now, made.token.actor, std::string(kCreated), made.token.id,
                                 Json::object({{"name", made.token.name},
                                               {"role", name_of(role)},
                                               {"expires", json_text(made.token.expires)},
                                               {"secret_sha256", made.token.secret.hex()}})}));
  WINNOW_TRY(catch_up());
  return made;
}

Result<Token> Tokens::revoke(std::string_view id_or_name, std::string_view actor) {
  WINNOW_TRY(catch_up());
  WINNOW_TRY(const auto all, list());
  const auto is_meant = [&](const Token& token) {
    return token.id == id_or_name || (token.name == id_or_name && !token.revoked);
  };
  const auto found = std::find_if(all.rbegin(), all.rend(), is_meant);
  if (found == all.rend()) {
    return Error(Code::NotFound, fmt::format("there is no token '{}'", id_or_name))
        .with_hint("winnow tokens list shows them");
  }
  Token token = *found;
  if (token.revoked) {
    return Error(Code::Conflict,
                 fmt::format("token {} was revoked on {}", token.id, token.revoked->text()));
  }
  token.revoked = registry_->clock().now();
  WINNOW_TRY(registry_->audit().append({*token.revoked, std::string(actor), std::string(kRevoked),
                                        token.id, Json::object({{"name", token.name}})}));
  WINNOW_TRY(catch_up());
  return token;
}

Result<std::vector<Token>> Tokens::list() {
  WINNOW_TRY(auto select, database_.prepare("SELECT id, name, role, secret, created, actor, "
                                            "expires, revoked FROM tokens ORDER BY created, id"));
  WINNOW_TRY(select.bind());
  std::vector<Token> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    Token token;
    std::string role;
    WINNOW_TRY(select.read(token.id, token.name, role, token.secret, token.created, token.actor,
                           token.expires, token.revoked));
    WINNOW_TRY(token.role, role_named(role));
    found.push_back(std::move(token));
  }
}

}  // namespace winnow::server
