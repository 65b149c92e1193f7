#include "registry/registry.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "registry/dsse.h"

namespace winnow {
namespace {

constexpr std::string_view kArtifactAdded = "artifact.added";
constexpr std::string_view kBundleAdded = "bundle.added";
constexpr std::string_view kRunRecorded = "run.recorded";
constexpr std::string_view kKeysRotated = "keys.rotated";

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

// The one value that `query` yields. Errors: NotFound, Conflict (several).
Result<std::string> only_text(SqliteStatement& query, std::string_view what,
                              std::string_view wanted) {
  const auto quoted = fmt::format("{} '{}'", what, wanted.substr(0, 80));
  WINNOW_TRY(const bool any, query.next());
  if (!any) return Error(Code::NotFound, fmt::format("there is no {}", quoted));
  std::string found;
  WINNOW_TRY(query.read(found));
  WINNOW_TRY(const bool more, query.next());
  if (more) {
    return Error(Code::Conflict, fmt::format("{} is the beginning of several", quoted))
        .with_hint("write more of its digits");
  }
  return found;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
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
  WINNOW_TRY(const auto listed, listed_entries(database_));
  if (listed > audit_.size()) {
    return Error(
               Code::Corrupt,
               fmt::format("the audit log has {} entries and had at least {}: its newest are gone",
                           audit_.size(), listed))
        .with_hint("winnow audit verify says what and since when");
  }
  if (listed == audit_.size()) return {};
  WINNOW_TRY(auto transaction, database_.begin());
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
  if (entry.action == kArtifactAdded) {
    WINNOW_TRY(const auto artifact, artifact_of(entry.details));
    std::optional<std::string> run;
    if (artifact.run) run = artifact.run->text();
    return database_.run(
        "INSERT OR IGNORE INTO artifacts VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", index,
        name_of(artifact.kind), artifact.name, artifact.digest, artifact.size, artifact.media_type,
        artifact.created, run, to_text(entry.details));
  }
  if (entry.action == kBundleAdded) {
    WINNOW_TRY(const auto domain, entry.details.need_string("domain"));
    return database_.run("INSERT OR IGNORE INTO bundles VALUES (?1, ?2, ?3, ?4, ?5)", index,
                         entry.subject, domain, entry.time, entry.actor);
  }
  if (entry.action == kRunRecorded) {
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

Result<Artifact> Registry::add(const NewArtifact& artifact, std::string_view actor) {
  WINNOW_TRY(auto added, add_all({&artifact, 1}, actor));
  return std::move(added.front());
}

Result<std::vector<Artifact>> Registry::add_all(std::span<const NewArtifact> artifacts,
                                                std::string_view actor) {
  std::vector<std::string_view> contents;
  for (const auto& artifact : artifacts) contents.push_back(artifact.bytes);
  WINNOW_TRY(const auto digests, objects_.put_all(contents));
  std::vector<Artifact> added;
  std::vector<AuditEntry> entries;
  std::set<std::tuple<ArtifactKind, std::string_view, Digest>> in_batch;
  for (std::size_t i = 0; i < artifacts.size(); ++i) {
    const auto& wanted = artifacts[i];
    if (wanted.name.empty()) return Error(Code::InvalidArgument, "an artifact has a name");
    if (auto existing = find({wanted.kind, wanted.name, digests[i]}); existing) {
      added.push_back(*std::move(existing));
      continue;
    }
    Artifact artifact;
    artifact.kind = wanted.kind;
    artifact.name = wanted.name;
    artifact.digest = digests[i];
    artifact.size = wanted.bytes.size();
    artifact.media_type = wanted.media_type;
    artifact.schema_version = wanted.schema_version;
    artifact.created = clock_.now();
    artifact.run = wanted.run;
    artifact.metadata = wanted.metadata;
    if (in_batch.emplace(wanted.kind, wanted.name, digests[i]).second) {
      entries.push_back({artifact.created, std::string(actor), std::string(kArtifactAdded),
                         artifact.digest.hex(), to_json(artifact)});
    }
    added.push_back(std::move(artifact));
  }
  WINNOW_TRY(record_entries(entries));
  return added;
}

Result<Artifact> Registry::find(const ArtifactRef& ref) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE kind = ?1 AND name = ?2 AND digest = ?3"));
  WINNOW_TRY(query.bind(name_of(ref.kind), ref.name, ref.digest));
  WINNOW_TRY(const auto record, only_text(query, name_of(ref.kind), ref.name));
  WINNOW_TRY(const auto json, parse_json(record));
  return artifact_of(json);
}

Result<Artifact> Registry::artifact(ArtifactKind kind, std::string_view name_or_digest) {
  WINNOW_TRY(auto by_name, database_.prepare("SELECT record FROM artifacts WHERE kind = ?1 AND "
                                             "name = ?2 ORDER BY position DESC LIMIT 1"));
  WINNOW_TRY(by_name.bind(name_of(kind), name_or_digest));
  WINNOW_TRY(auto by_digest,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE kind = ?1 AND substr(digest, 1, ?3) = ?2 "
                 "GROUP BY digest HAVING position = max(position) LIMIT 2"));
  WINNOW_TRY(by_digest.bind(name_of(kind), name_or_digest, name_or_digest.size()));
  auto record = only_text(by_name, name_of(kind), name_or_digest);
  if (!record && record.error().code() == Code::NotFound && !name_or_digest.empty() &&
      is_hex(name_or_digest)) {
    record = only_text(by_digest, name_of(kind), name_or_digest);
  }
  WINNOW_TRY(record);
  WINNOW_TRY(const auto json, parse_json(*record));
  return artifact_of(json);
}

Result<Artifact> Registry::artifact(const Digest& digest) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE digest = ?1 ORDER BY position LIMIT 1"));
  WINNOW_TRY(query.bind(digest));
  WINNOW_TRY(const auto record, only_text(query, "artifact", digest.hex()));
  WINNOW_TRY(const auto json, parse_json(record));
  return artifact_of(json);
}

Result<std::vector<Artifact>> Registry::artifacts(const ArtifactFilter& filter) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT record FROM artifacts WHERE (?1 IS NULL OR kind = ?1) AND "
                 "(?2 = '' OR name = ?2) AND (?3 IS NULL OR run = ?3) ORDER BY position DESC"));
  std::optional<std::string_view> kind;
  if (filter.kind) kind = name_of(*filter.kind);
  std::optional<std::string> run;
  if (filter.run) run = filter.run->text();
  WINNOW_TRY(query.bind(kind, filter.name, run));
  std::vector<Artifact> found;
  for (;;) {
    WINNOW_TRY(const bool more, query.next());
    if (!more) return found;
    std::string record;
    WINNOW_TRY(query.read(record));
    WINNOW_TRY(const auto json, parse_json(record));
    WINNOW_TRY(auto artifact, artifact_of(json));
    found.push_back(std::move(artifact));
  }
}

Result<std::string> Registry::read(const Digest& digest, std::uint64_t max_bytes) const {
  return objects_.get(digest, max_bytes);
}

Result<BundleId> Registry::add(const Bundle& bundle, std::string_view actor) {
  WINNOW_TRY(const auto text, canonical(bundle));
  for (const auto& ref : bundle.artifacts) {
    if (objects_.has(ref.digest)) continue;
    return Error(Code::NotFound, fmt::format("{} '{}' ({}) of the bundle is not in the registry",
                                             name_of(ref.kind), ref.name, ref.digest.short_hex()));
  }
  WINNOW_TRY(const auto digest, objects_.put(text));
  const auto id = bundle_id_of(digest);
  WINNOW_TRY(auto query, database_.prepare("SELECT id FROM bundles WHERE id = ?1"));
  WINNOW_TRY(query.bind(id.text()));
  WINNOW_TRY(const bool exists, query.next());
  if (exists) return id;
  const AuditEntry entry{clock_.now(), std::string(actor), std::string(kBundleAdded), id.text(),
                         Json::object({{"artifacts", parse_json(text).value()["artifacts"]},
                                       {"domain", bundle.domain}})};
  WINNOW_TRY(record_entries({&entry, 1}));
  return id;
}

Result<ListedBundle> Registry::bundle(std::string_view id_prefix) {
  const std::string prefix = (id_prefix.starts_with("b-") ? "" : "b-") + std::string(id_prefix);
  WINNOW_TRY(auto query,
             database_.prepare("SELECT id FROM bundles WHERE substr(id, 1, ?2) = ?1 LIMIT 2"));
  WINNOW_TRY(query.bind(prefix, prefix.size()));
  WINNOW_TRY(const auto id, only_text(query, "bundle", prefix));
  return listed_bundle(BundleId(id));
}

Result<ListedBundle> Registry::listed_bundle(const BundleId& id) {
  WINNOW_TRY(auto query, database_.prepare("SELECT created, actor FROM bundles WHERE id = ?1"));
  WINNOW_TRY(query.bind(id.text()));
  WINNOW_TRY(const bool any, query.next());
  if (!any) return Error(Code::NotFound, fmt::format("there is no bundle '{}'", id.text()));
  ListedBundle listed{id, {}, {}, {}};
  WINNOW_TRY(query.read(listed.created, listed.actor));
  WINNOW_TRY(const auto text, objects_.get(digest_of(id)));
  WINNOW_TRY(listed.bundle, bundle_of(text));
  return listed;
}

Result<std::vector<ListedBundle>> Registry::bundles(std::string_view domain) {
  WINNOW_TRY(auto query,
             database_.prepare(
                 "SELECT id FROM bundles WHERE ?1 = '' OR domain = ?1 ORDER BY position DESC"));
  WINNOW_TRY(query.bind(domain));
  std::vector<ListedBundle> found;
  for (;;) {
    WINNOW_TRY(const bool more, query.next());
    if (!more) return found;
    std::string id;
    WINNOW_TRY(query.read(id));
    WINNOW_TRY(auto listed, listed_bundle(BundleId(id)));
    found.push_back(std::move(listed));
  }
}

Result<RunId> Registry::record(Run run) {
  if (run.id.empty()) {
    WINNOW_TRY(run.id, id_of(run));
  }
  WINNOW_TRY(auto query, database_.prepare("SELECT id FROM runs WHERE id = ?1"));
  WINNOW_TRY(query.bind(run.id.text()));
  WINNOW_TRY(const bool exists, query.next());
  WINNOW_TRY(query.run());
  if (exists)
    return Error(Code::AlreadyExists,
                 fmt::format("the run '{}' is on record already", run.id.text()));
  WINNOW_TRY(auto statement, statement_of(run));
  WINNOW_TRY(const auto envelope,
             seal(std::string(kInTotoPayloadType), std::move(statement), *keys_));
  WINNOW_TRY(const auto digest, objects_.put(to_text(envelope)));
  const AuditEntry entry{clock_.now(), run.actor, std::string(kRunRecorded), run.id.text(),
                         Json::object({{"envelope", digest.hex()},
                                       {"kind", run.kind},
                                       {"domain", run.domain},
                                       {"status", name_of(run.status)}})};
  WINNOW_TRY(record_entries({&entry, 1}));
  return run.id;
}

Result<std::string> Registry::envelope(const RunId& id) {
  WINNOW_TRY(auto query, database_.prepare("SELECT envelope FROM runs WHERE id = ?1"));
  WINNOW_TRY(query.bind(id.text()));
  WINNOW_TRY(const auto hex, only_text(query, "run", id.text()));
  WINNOW_TRY(const auto digest, Digest::from_hex(hex));
  return objects_.get(digest);
}

Result<Run> Registry::run(std::string_view id_prefix) {
  const std::string prefix = (id_prefix.starts_with("r-") ? "" : "r-") + std::string(id_prefix);
  WINNOW_TRY(auto query,
             database_.prepare("SELECT id FROM runs WHERE substr(id, 1, ?2) = ?1 LIMIT 2"));
  WINNOW_TRY(query.bind(prefix, prefix.size()));
  WINNOW_TRY(const auto id, only_text(query, "run", prefix));
  WINNOW_TRY(const auto text, envelope(RunId(id)));
  WINNOW_TRY(const auto sealed, envelope_of(text));
  WINNOW_TRY(verify(sealed, *keys_));
  WINNOW_TRY(auto run, run_of_statement(sealed.payload));
  if (run.id.text() == id) return run;
  return Error(Code::Corrupt,
               fmt::format("the record of run '{}' is that of '{}'", id, run.id.text()));
}

Result<std::vector<Run>> Registry::runs(const RunFilter& filter) {
  WINNOW_TRY(
      auto query,
      database_.prepare(
          "SELECT record FROM runs WHERE (?1 = '' OR kind = ?1) AND (?2 = '' OR domain = ?2) "
          "ORDER BY position DESC LIMIT ?3"));
  WINNOW_TRY(query.bind(filter.kind, filter.domain, filter.limit));
  std::vector<Run> found;
  for (;;) {
    WINNOW_TRY(const bool more, query.next());
    if (!more) return found;
    std::string record;
    WINNOW_TRY(query.read(record));
    WINNOW_TRY(const auto json, parse_json(record));
    WINNOW_TRY(auto run, run_of(json));
    found.push_back(std::move(run));
  }
}

Status Registry::rotate_keys(std::string_view actor) {
  const auto before = keys_->current().id;
  WINNOW_TRY(keys_->rotate(clock_));
  const AuditEntry entry{clock_.now(), std::string(actor), std::string(kKeysRotated),
                         keys_->current().id.text(), Json::object({{"before", before.text()}})};
  return record_entries({&entry, 1});
}

}  // namespace winnow
