#include "registry/registry.h"

#include <fmt/format.h>

#include "registry/detail/listing.h"
#include "registry/dsse.h"

namespace winnow {
namespace {

// An index over the audit log and the objects, for listing and finding: all of it can be made
// again.
constexpr std::string_view kMigrations[] = {
    "CREATE TABLE artifacts ("
    "  position INTEGER PRIMARY KEY,"  // in the audit log: its order is the order of adding
    "  kind TEXT NOT NULL, name TEXT NOT NULL, digest TEXT NOT NULL, size INTEGER NOT NULL,"
    "  media_type TEXT NOT NULL, created INTEGER NOT NULL, run TEXT, record TEXT NOT NULL,"
    "  UNIQUE (kind, name, digest)) STRICT;"
    "CREATE INDEX artifacts_by_digest ON artifacts (digest);"
    "CREATE INDEX artifacts_by_run ON artifacts (run);"
    "CREATE TABLE bundles ("
    "  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, domain TEXT NOT NULL,"
    "  created INTEGER NOT NULL, actor TEXT NOT NULL) STRICT;"
    "CREATE TABLE runs ("
    "  position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, domain TEXT NOT "
    "NULL,"
    "  status TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL,"
    "  envelope TEXT NOT NULL, record TEXT NOT NULL) STRICT;"
    "CREATE TABLE listed (one INTEGER PRIMARY KEY CHECK (one = 1), entries INTEGER NOT NULL) "
    "STRICT;"
    "INSERT INTO listed VALUES (1, 0);"};

Result<std::uint64_t> listed_entries(Sqlite& database) {
  WINNOW_TRY(auto query, database.prepare("SELECT entries FROM listed"));
  std::uint64_t entries = 0;
  WINNOW_TRY(const bool any, query.next());
  if (any) WINNOW_TRY(query.read(entries));
  return entries;
}

}  // namespace

Registry::Registry(Private, std::unique_ptr<KeyRing> keys, ObjectStore objects, AuditLog audit,
                   Sqlite database, const Clock& clock)
    : keys_(std::move(keys)),
      objects_(std::move(objects)),
      audit_(std::move(audit)),
      database_(std::move(database)),
      clock_(clock) {}

Result<std::unique_ptr<Registry>> Registry::open(const Path& data, const Clock& clock,
                                                 Access access) {
  std::error_code ignored;
  const bool fresh =
      access == Access::ReadWrite && !std::filesystem::exists(data / "keys" / "ring.json", ignored);
  // A log without its keys is a loss, not a beginning.
  if (fresh && std::filesystem::exists(data / "audit", ignored)) {
    return Error(Code::Corrupt, fmt::format("'{}' has an audit log, but no keys", data.string()))
        .with_hint("restore the workspace from a backup");
  }
  if (fresh) WINNOW_TRY(KeyRing::create(data / "keys", clock));
  WINNOW_TRY(auto ring, KeyRing::open(data / "keys", access));
  auto keys = std::make_unique<KeyRing>(std::move(ring));
  WINNOW_TRY(auto objects, ObjectStore::open(data / "objects"));
  WINNOW_TRY(auto audit, AuditLog::open(data / "audit", *keys, access));
  WINNOW_TRY(auto database, Sqlite::open(data / "winnow.db", access));
  auto registry = std::make_unique<Registry>(Private(), std::move(keys), std::move(objects),
                                             std::move(audit), std::move(database), clock);
  if (access == Access::ReadWrite) {
    WINNOW_TRY(registry->database_.migrate("registry", kMigrations));
    WINNOW_TRY(registry->catch_up());
  }
  return registry;
}

// First the audit log, then SQL: what a crash kept out of SQL is listed at the next opening.
Status Registry::catch_up() {
  WINNOW_TRY(auto listed, listed_entries(database_));
  if (listed == audit_.size()) return {};
  WINNOW_TRY(auto transaction, database_.begin());
  WINNOW_TRY(listed, listed_entries(database_));  // another process may have been here
  if (listed > audit_.size()) WINNOW_TRY(audit_.refresh());
  if (listed > audit_.size()) {
    return Error(
               Code::Corrupt,
               fmt::format("the audit log has {} entries and had at least {}: its newest are gone",
                           audit_.size(), listed))
        .with_hint("winnow audit verify says what and since when");
  }
  const auto list = [&](std::uint64_t index, std::string_view entry) -> Result<bool> {
    WINNOW_TRY(list_entry(index, entry));
    return true;
  };
  WINNOW_TRY(audit_.scan(listed, audit_.size(), list));
  WINNOW_TRY(database_.run("UPDATE listed SET entries = ?1", audit_.size()));
  return transaction.commit();
}

Status Registry::list_entry(std::uint64_t index, std::string_view text) {
  WINNOW_TRY(const auto entry, audit_entry_of(text));
  if (entry.action == registry::kArtifactAdded) {
    WINNOW_TRY(const auto artifact, artifact_of(entry.details));
    std::optional<std::string> run;
    if (artifact.run) run = artifact.run->text();
    return database_.run(
        "INSERT OR IGNORE INTO artifacts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", index,
        name_of(artifact.kind), artifact.name, artifact.digest, artifact.size, artifact.media_type,
        artifact.created, run, to_text(entry.details));
  }
  if (entry.action == registry::kBundleAdded) {
    WINNOW_TRY(const auto domain, entry.details.need_string("domain"));
    return database_.run("INSERT OR IGNORE INTO bundles VALUES (?1, ?2, ?3, ?4, ?5)", index,
                         entry.subject, domain, entry.time, entry.actor);
  }
  if (entry.action == registry::kRunRecorded) {
    WINNOW_TRY(const auto hex, entry.details.need_string("envelope"));
    WINNOW_TRY(const auto digest, Digest::from_hex(hex));
    WINNOW_TRY(const auto sealed, objects_.get(digest));
    WINNOW_TRY(const auto envelope, envelope_of(sealed));
    WINNOW_TRY(const auto run, run_of_statement(envelope.payload));
    return database_.run("INSERT OR IGNORE INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                         index, run.id.text(), run.kind, run.domain, name_of(run.status),
                         run.started, run.ended, digest, to_text(to_json(run)));
  }
  return {};  // of other folders
}

Status Registry::record_entries(std::span<const AuditEntry> entries) {
  WINNOW_TRY(audit_.append(entries));
  return catch_up();
}

Status Registry::rotate_keys(std::string_view actor) {
  const auto before = keys_->current().id;
  WINNOW_TRY(keys_->rotate(clock_));
  const AuditEntry entry{clock_.now(), std::string(actor), std::string(registry::kKeysRotated),
                         keys_->current().id.text(), Json::object({{"before", before.text()}})};
  return record_entries({&entry, 1});
}

}  // namespace winnow
