// The registry of a workspace: artifacts, bundles and runs, each an object with a digest, listed in
// SQL, and put on record in the audit log before anybody is told that it exists.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "registry/artifact.h"
#include "registry/audit_log.h"
#include "registry/bundle.h"
#include "registry/key_ring.h"
#include "registry/object_store.h"
#include "registry/run.h"
#include "store/access.h"
#include "store/sqlite.h"

namespace winnow {

struct NewArtifact {
  ArtifactKind kind;
  std::string name;
  std::string_view bytes;  // borrowed for the call
  std::string media_type;
  int schema_version = 1;
  std::optional<RunId> run = {};
  Json metadata = Json::object();
};

struct ArtifactFilter {
  std::optional<ArtifactKind> kind;
  std::string name;  // empty: any
  std::optional<RunId> run;
};

struct RunFilter {
  std::string kind, domain;  // empty: any
  std::uint64_t limit = 1000;
  std::string before =
      {};  // the id of a run: only those recorded before it; empty: from the newest
};

struct ListedBundle {
  BundleId id;
  Bundle bundle;
  Timestamp created;
  std::string actor;
};

// One thread at a time; several processes may use one folder, as long as none rotates the keys.
// Not movable: the audit log borrows the keys.
class Registry {
 public:
  // Opens what is kept in `data` (objects/, audit/, keys/, winnow.db); for ReadWrite creates what
  // is absent, and lists what the audit log records and a crash kept out of SQL. `clock` outlives
  // it. Errors: Corrupt, Denied, NotFound (ReadOnly and nothing there), Unavailable, Unsupported
  // (newer format).
  static Result<std::unique_ptr<Registry>> open(const Path& data, const Clock& clock,
                                                Access access);

  ObjectStore& objects() { return objects_; }
  AuditLog& audit() { return audit_; }
  const KeyRing& keys() const { return *keys_; }
  const Clock& clock() const { return clock_; }

  // Artifacts. Adding the same again is a success and returns what is there.
  Result<Artifact> add(const NewArtifact& artifact, std::string_view actor);
  Result<std::vector<Artifact>> add_all(std::span<const NewArtifact> artifacts,
                                        std::string_view actor);
  // By a unique prefix of its digest, or by name (then the newest). Errors: NotFound, Conflict
  // (ambiguous).
  Result<Artifact> artifact(ArtifactKind kind, std::string_view name_or_digest);
  Result<Artifact> artifact(const Digest& digest);                             // Errors: NotFound
  Result<std::vector<Artifact>> artifacts(const ArtifactFilter& filter = {});  // newest first
  // The object's bytes, verified. Errors: NotFound, Corrupt, Exhausted.
  Result<std::string> read(const Digest& digest, std::uint64_t max_bytes = 1UL << 30) const;

  // Bundles. Every artifact of a bundle must be here. Errors: InvalidArgument, NotFound.
  Result<BundleId> add(const Bundle& bundle, std::string_view actor);
  Result<ListedBundle> bundle(std::string_view id_prefix);  // Errors: NotFound, Conflict, Corrupt
  Result<std::vector<ListedBundle>> bundles(std::string_view domain = "");  // newest first

  // Runs. record() gives the run an id unless it has one, signs and keeps it; failed runs too.
  // Errors: AlreadyExists, InvalidArgument, Exhausted, Unavailable.
  Result<RunId> record(Run run);
  Result<Run> run(
      std::string_view id_prefix);  // verified. Errors: NotFound, Conflict, Corrupt, Denied
  // Newest first; none where `before` is no run. Errors: Corrupt, Unavailable.
  Result<std::vector<Run>> runs(const RunFilter& filter = {});
  Result<std::string> envelope(const RunId& id);  // the signed DSSE envelope as kept

  // A new signing key takes over, on record.
  Status rotate_keys(std::string_view actor);

 private:
  struct Private {};  // open() is the only way in

 public:
  Registry(Private, std::unique_ptr<KeyRing> keys, ObjectStore objects, AuditLog audit,
           Sqlite database, const Clock& clock);

 private:
  Status catch_up();  // lists what the audit log has and SQL lacks
  Status list_entry(std::uint64_t index, std::string_view text);
  Status record_entries(std::span<const AuditEntry> entries);
  Result<Artifact> find(const ArtifactRef& ref);
  Result<ListedBundle> listed_bundle(const BundleId& id);

  std::unique_ptr<KeyRing> keys_;
  ObjectStore objects_;
  AuditLog audit_;
  Sqlite database_;
  const Clock& clock_;
};

}  // namespace winnow
