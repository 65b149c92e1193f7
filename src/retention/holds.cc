#include "retention/holds.h"

#include <array>

#include <fmt/format.h>

#include "base/json_text.h"
#include "base/utf8.h"
#include "base/written_text.h"
#include "names/mail_address.h"

namespace winnow {
namespace {

constexpr std::string_view kPlaced = "hold.placed";
constexpr std::string_view kReleased = "hold.released";
constexpr std::size_t kMaxMailboxBytes = 320, kMaxActorBytes = 64;
constexpr std::size_t kCaseIdDigits = 24;

constexpr std::array<std::string_view, 1> kSchema = {R"sql(
CREATE TABLE holds (
  audit_entry INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  case_id     TEXT,                  -- NULL: any
  mailbox     TEXT,                  -- NULL: any
  from_time   INTEGER,               -- of arrival, included
  until_time  INTEGER,               -- excluded
  reason      TEXT NOT NULL,
  author      TEXT NOT NULL,
  placed_at   INTEGER NOT NULL,
  released_at INTEGER,
  released_by TEXT
) STRICT;
CREATE TABLE holds_cursor (audit_entries INTEGER NOT NULL) STRICT;
INSERT INTO holds_cursor VALUES (0);
)sql"};

constexpr std::string_view kColumns =
    "audit_entry, id, case_id, mailbox, from_time, until_time, reason, author, placed_at, "
    "released_at, released_by";

Json scope_json(const HoldScope& scope) {
  return Json::object({{"case", json_text(scope.case_id)},
                       {"mailbox", json_text(scope.mailbox)},
                       {"from", json_text(scope.from)},
                       {"until", json_text(scope.until)}});
}

std::optional<std::string> text_in(const Json& json) {
  return json.is_string() ? std::optional(json.as_string()) : std::nullopt;
}

Result<std::vector<Hold>> read_all(SqliteStatement& select) {
  std::vector<Hold> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    auto& hold = found.emplace_back();
    std::optional<std::string> released_by;
    WINNOW_TRY(select.read(hold.audit_entry, hold.id, hold.scope.case_id, hold.scope.mailbox,
                           hold.scope.from, hold.scope.until, hold.reason, hold.author,
                           hold.placed_at, hold.released_at, released_by));
    hold.released_by = released_by.value_or("");
  }
}

Result<std::vector<Hold>> read_active(Sqlite& database) {
  WINNOW_TRY(auto select,
             database.prepare(fmt::format(
                 "SELECT {} FROM holds WHERE released_at IS NULL ORDER BY audit_entry", kColumns)));
  WINNOW_TRY(select.bind());
  return read_all(select);
}

Status check_case_id(std::string_view id) {
  const auto digits = id.substr(std::min<std::size_t>(2, id.size()));
  const bool fits = id.starts_with("c-") && digits.size() == kCaseIdDigits &&
                    digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (fits) return {};
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is no case id", to_valid_utf8(id.substr(0, 40))))
      .with_hint("give it whole, such as c-45eb74f1c0ffee0012345678");
}

Result<std::string> normal_mailbox(std::string_view text) {
  const auto address = read_address(text.substr(0, kMaxMailboxBytes + 1));
  if (text.size() <= kMaxMailboxBytes && address && address->has_domain()) return address->key();
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is no mailbox", to_valid_utf8(text.substr(0, 80))));
}

}  // namespace

Json hold_json(const Hold& hold) {
  return Json::object({{"id", hold.id},
                       {"scope", scope_json(hold.scope)},
                       {"reason", hold.reason},
                       {"by", hold.author},
                       {"placed_at", hold.placed_at.text()},
                       {"released_at", json_text(hold.released_at)},
                       {"released_by", hold.released_at ? Json(hold.released_by) : Json()}});
}

Result<NewHold> checked(NewHold hold) {
  auto& scope = hold.scope;
  if (scope == HoldScope{})
    return Error(Code::InvalidArgument, "the hold has no scope")
        .with_hint("name a case, a mailbox, or a time of arrival");
  if (scope.case_id) WINNOW_TRY(check_case_id(*scope.case_id));
  if (scope.mailbox) {
    WINNOW_TRY(scope.mailbox, normal_mailbox(*scope.mailbox));
  }
  if (scope.from && scope.until && *scope.until <= *scope.from)
    return Error(Code::InvalidArgument, "the hold's time ends before it begins");
  WINNOW_TRY(hold.reason, written_text(hold.reason, kMaxHoldReasonBytes, "reason"));
  return hold;
}

Result<HoldReader> HoldReader::open(const Path& database) {
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadOnly));
  {
    WINNOW_TRY(auto table, sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = 'holds'"));
    WINNOW_TRY(table.bind());
    WINNOW_TRY(const bool exists, table.next());
    if (!exists) return Error(Code::NotFound, "there were never any holds");
  }
  return HoldReader(std::move(sqlite));
}

Result<std::vector<Hold>> HoldReader::all() {
  WINNOW_TRY(auto select,
             database_.prepare(
                 fmt::format("SELECT {} FROM holds ORDER BY audit_entry DESC LIMIT ?1", kColumns)));
  WINNOW_TRY(select.bind(kShownHolds));
  return read_all(select);
}

Result<std::vector<Hold>> HoldReader::active() { return read_active(database_); }

Result<std::vector<Hold>> active_holds(const Path& database) {
  auto reader = HoldReader::open(database);
  if (reader) return reader->active();
  if (reader.error().code() == Code::NotFound) return std::vector<Hold>();
  return reader.error();
}

Result<Holds> Holds::open(Registry& registry, const Path& database) {
  const Path folder = database.parent_path() / "holds";
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(auto sqlite, Sqlite::open(database, Access::ReadWrite));
  WINNOW_TRY(sqlite.migrate("holds", kSchema));
  Holds holds(registry, std::move(sqlite), folder / "lock");
  WINNOW_TRY(holds.catch_up());
  return holds;
}

Status Holds::project(std::uint64_t index, std::string_view text) {
  // Most entries of the log are no business of holds: they are not worth reading.
  if (text.find("\"hold.") == std::string_view::npos) return {};
  WINNOW_TRY(const auto entry, audit_entry_of(text));
  if (entry.action == kReleased) {
    return database_.run(
        "UPDATE holds SET released_at = ?2, released_by = ?3 WHERE id = ?1 AND released_at IS NULL",
        entry.subject, entry.time, entry.actor);
  }
  if (entry.action != kPlaced) return {};
  const auto& scope = entry.details["scope"];
  WINNOW_TRY(const auto from, optional_time(scope["from"]));
  WINNOW_TRY(const auto until, optional_time(scope["until"]));
  WINNOW_TRY(const auto reason, entry.details.need_string("reason"));
  return database_.run(
      "INSERT OR REPLACE INTO holds VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, NULL, NULL)", index,
      fmt::format("h-{:x}", index), text_in(scope["case"]), text_in(scope["mailbox"]), from, until,
      reason, entry.actor, entry.time);
}

Status Holds::catch_up() {
  auto& audit = registry_->audit();
  WINNOW_TRY(audit.refresh());
  const auto size = audit.size();
  if (seen_ == size) return {};
  WINNOW_TRY(auto transaction, database_.begin());
  std::uint64_t seen = 0;
  {
    WINNOW_TRY(auto cursor, database_.prepare("SELECT audit_entries FROM holds_cursor"));
    WINNOW_TRY(cursor.bind());
    WINNOW_TRY(cursor.next());
    WINNOW_TRY(cursor.read(seen));
  }
  if (seen < size) {
    const auto take = [&](std::uint64_t index, std::string_view text) -> Result<bool> {
      WINNOW_TRY(project(index, text));
      return true;
    };
    WINNOW_TRY(audit.scan(seen, size, take));
    WINNOW_TRY(database_.run("UPDATE holds_cursor SET audit_entries = ?1", size));
    WINNOW_TRY(transaction.commit());
  }
  seen_ = size;
  return {};
}

Result<FileLock> Holds::pause() {
  return FileLock::acquire(lock_, FileLock::Mode::Exclusive, kPatience);
}

Result<Hold> Holds::hold(std::string_view id) {
  WINNOW_TRY(auto select,
             database_.prepare(fmt::format("SELECT {} FROM holds WHERE id = ?1", kColumns)));
  WINNOW_TRY(select.bind(id));
  WINNOW_TRY(auto found, read_all(select));
  if (found.empty())
    return Error(Code::NotFound,
                 fmt::format("there is no hold '{}'", to_valid_utf8(id.substr(0, 40))));
  return std::move(found.front());
}

Result<Hold> Holds::place(const NewHold& wanted, std::string_view actor) {
  WINNOW_TRY(const auto who, written_line(actor, kMaxActorBytes, "actor"));
  WINNOW_TRY(const auto hold_wanted, checked(wanted));
  WINNOW_TRY(const auto lock, pause());
  // First record, then act: who removes looks into the log before each batch.
  WINNOW_TRY(
      const auto index,
      registry_->audit().append({.time = registry_->clock().now(),
                                 .actor = who,
                                 .action = std::string(kPlaced),
                                 .subject = hold_wanted.scope.case_id.value_or(
                                     hold_wanted.scope.mailbox.value_or("all mail")),
                                 .details = Json::object({{"scope", scope_json(hold_wanted.scope)},
                                                          {"reason", hold_wanted.reason}})}));
  WINNOW_TRY(catch_up());
  return hold(fmt::format("h-{:x}", index));
}

Result<Hold> Holds::release(std::string_view id, std::string_view actor) {
  WINNOW_TRY(const auto who, written_line(actor, kMaxActorBytes, "actor"));
  WINNOW_TRY(catch_up());
  WINNOW_TRY(const auto before, hold(id));
  if (before.released_at)
    return Error(Code::Conflict,
                 fmt::format("hold {} was released on {}", before.id, before.released_at->text()));
  WINNOW_TRY(registry_->audit().append({.time = registry_->clock().now(),
                                        .actor = who,
                                        .action = std::string(kReleased),
                                        .subject = before.id,
                                        .details = Json::object()}));
  WINNOW_TRY(catch_up());
  return hold(before.id);
}

Result<std::vector<Hold>> Holds::active() {
  WINNOW_TRY(catch_up());
  return read_active(database_);
}

Result<std::optional<std::uint64_t>> Holds::newest() {
  WINNOW_TRY(catch_up());
  WINNOW_TRY(auto select, database_.prepare("SELECT max(audit_entry) FROM holds"));
  WINNOW_TRY(select.bind());
  WINNOW_TRY(select.next());
  std::optional<std::uint64_t> newest;
  WINNOW_TRY(select.read(newest));
  return newest;
}

}  // namespace winnow
