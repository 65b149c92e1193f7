#include "server/access/session_table.h"

#include <array>
#include <map>
#include <string>

#include "base/log.h"

namespace winnow::server {
namespace {

constexpr std::array<std::string_view, 1> kSchema = {R"sql(
CREATE TABLE sessions (
  secret   TEXT PRIMARY KEY,
  owner    TEXT NOT NULL,
  name     TEXT NOT NULL,
  role     TEXT NOT NULL,
  provider TEXT NOT NULL,
  opened   INTEGER NOT NULL,
  used     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions_endings (number INTEGER NOT NULL) STRICT;
INSERT INTO sessions_endings VALUES (0);
)sql"};

}  // namespace

Result<SessionTable> SessionTable::open_once(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite));
  SessionTable table(std::move(sqlite));
  WINNOW_TRY(table.database_.migrate("sessions", kSchema));
  WINNOW_TRY(table.list());  // every page is read, and every value
  return table;
}

Result<SessionTable> SessionTable::open(const Path& database) {
  auto table = open_once(database);
  if (table || table.error().code() != Code::Corrupt) return table;
  log::warn("the sessions cannot be read; everybody signs in again",
            {{"error", table.error().text()}});
  for (const auto* ending : {"", "-wal", "-shm"}) {
    std::error_code ignored;  // opening tells
    std::filesystem::remove(database.string() + ending, ignored);
  }
  return open_once(database);
}

Result<std::vector<Sessions::Kept>> SessionTable::list() {
  WINNOW_TRY(auto select, database_.prepare("SELECT secret, owner, name, role, provider, opened, "
                                            "used FROM sessions ORDER BY secret"));
  WINNOW_TRY(select.bind());
  std::vector<Sessions::Kept> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    Sessions::Kept kept;
    std::string role;
    auto& owner = kept.owner;
    WINNOW_TRY(select.read(kept.secret, owner.id, owner.name, role, owner.provider, kept.opened,
                           kept.used));
    WINNOW_TRY(owner.role, role_named(role));
    found.push_back(std::move(kept));
  }
}

Status SessionTable::put(const Sessions::Kept& session) {
  const auto& owner = session.owner;
  return database_.run("INSERT OR REPLACE INTO sessions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                       session.secret, owner.id, owner.name, name_of(owner.role), owner.provider,
                       session.opened, session.used);
}

Status SessionTable::remove(const Digest& secret) {
  return database_.run("DELETE FROM sessions WHERE secret = ?1", secret);
}

Status SessionTable::take(const Sessions::Changes& changes) {
  if (changes.ended.empty() && changes.used.empty()) return {};
  WINNOW_TRY(auto transaction, database_.begin());
  for (const auto& secret : changes.ended) WINNOW_TRY(remove(secret));
  for (const auto& kept : changes.used) {
    WINNOW_TRY(database_.run("UPDATE sessions SET used = ?2 WHERE secret = ?1 AND used < ?2",
                             kept.secret, kept.used));
  }
  return transaction.commit();
}

Result<std::size_t> SessionTable::end_all_of(std::string_view id) {
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(database_.run("DELETE FROM sessions WHERE owner = ?1", id));
  const auto ended = static_cast<std::size_t>(database_.changes());
  WINNOW_TRY(database_.run("UPDATE sessions_endings SET number = number + 1"));
  WINNOW_TRY(transaction.commit());
  return ended;
}

Result<std::uint64_t> SessionTable::endings() {
  WINNOW_TRY(auto select, database_.prepare("SELECT number FROM sessions_endings"));
  WINNOW_TRY(select.bind());
  std::uint64_t number = 0;
  WINNOW_TRY(const bool found, select.next());
  if (!found) return Error(Code::Corrupt, "the sessions' table of endings is empty");
  WINNOW_TRY(select.read(number));
  return number;
}

Result<SessionOwner> owner_called(std::span<const SessionOwner> signed_in, std::string_view who) {
  std::map<std::string, SessionOwner> meant;  // by id
  for (const auto& owner : signed_in) {
    if (owner.id == who) return owner;
    if (owner.name == who) meant.emplace(owner.id, owner);
  }
  if (meant.empty()) return Error(Code::NotFound, "nobody is signed in by that name");
  if (meant.size() == 1) return meant.begin()->second;
  std::string ids;
  for (const auto& [id, owner] : meant) ids += (ids.empty() ? "" : ", ") + id;
  return Error(Code::Conflict, "several people are signed in by that name")
      .with_hint("say whose sessions are to end, by id: " + ids);
}

}  // namespace winnow::server
