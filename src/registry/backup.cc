#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "registry/detail/workspace_files.h"
#include "registry/workspace.h"
#include "store/lmdb.h"
#include "store/sqlite.h"

namespace winnow {
namespace {

constexpr std::string_view kManifest = "backup.json";
constexpr std::string_view kSchema = "winnow.backup/1";
constexpr std::size_t kChunkBytes = 1UL << 20;
constexpr std::string_view kLmdbFile = "data.mdb";

// When a file is copied relative to the others. What refers comes before what is referred to, so
// that everything the copy refers to is in it: SQL and entity state first, then the logs they were
// made from, then the audit log, and the objects that all of them name last. Before all of them
// what waits to become part of them: what leaves the spool meanwhile is in the log's copy.
enum class Turn { Spool, Database, State, Log, Aside, Audit, Object, Skip };

bool is_database(const Path& file) { return file.extension() == ".db"; }

Turn turn_of(const Path& relative) {
  const auto name = relative.filename().string();
  const auto top = relative.begin() == relative.end() ? Path() : *relative.begin();
  const auto second =
      std::distance(relative.begin(), relative.end()) > 1 ? *std::next(relative.begin()) : Path();
  if (name.ends_with(".db-wal") || name.ends_with(".db-shm") || name == "lock" ||
      name == "lock.mdb")
    return Turn::Skip;
  if (top != "data") return Turn::Object;        // content and configuration
  if (name == "sessions.db") return Turn::Skip;  // who signed out since would be signed in again
  if (name == "search.db") return Turn::Skip;    // made from the log
  if (name.ends_with(".new") || name.ends_with(".tmp")) return Turn::Skip;  // not yet in its place
  if (relative.parent_path().extension() == ".beside") return Turn::Skip;   // made from the log
  if (second == "objects")
    return relative.string().find("/.incoming/") != std::string::npos ? Turn::Skip : Turn::Object;
  if (second == "audit") return Turn::Audit;
  if (second == "spool") return Turn::Spool;
  // Named by the event log's segments, and written before them.
  if (relative.parent_path().filename() == "aside") return Turn::Aside;
  if (is_database(relative)) return Turn::Database;
  return name == kLmdbFile ? Turn::State : Turn::Log;
}

struct Copied {
  std::uint64_t bytes = 0;
  Digest digest;
};

// Up to the end that the file has when it is reached: what appends to it goes on.
Result<Copied> copy_file(const Path& from, const Path& to, unsigned mode) {
  WINNOW_TRY(auto in, InputFile::open(from));
  WINNOW_TRY(auto out, NewFile::create(to.string() + ".part", mode));
  const auto chunk = std::clamp<std::uint64_t>(in.size_hint() + 1, 512, kChunkBytes);
  Copied copied;
  Sha256 hasher;
  for (std::string bytes;; bytes.clear()) {
    WINNOW_TRY(const auto got, in.read_some(bytes, chunk));
    if (got == 0) break;
    hasher.update(bytes);
    copied.bytes += got;
    WINNOW_TRY(out.append(bytes));
  }
  WINNOW_TRY(out.close());
  WINNOW_TRY(out.rename_to(to));
  copied.digest = hasher.finish();
  return copied;
}

Result<Copied> measure(const Path& file) {
  WINNOW_TRY(auto in, InputFile::open(file));
  const auto chunk = std::clamp<std::uint64_t>(in.size_hint() + 1, 512, kChunkBytes);
  Copied measured;
  Sha256 hasher;
  for (std::string bytes;; bytes.clear()) {
    WINNOW_TRY(const auto got, in.read_some(bytes, chunk));
    if (got == 0) break;
    hasher.update(bytes);
    measured.bytes += got;
  }
  measured.digest = hasher.finish();
  return measured;
}

unsigned mode_of(const Path& file) {
  std::error_code error;
  return static_cast<unsigned>(std::filesystem::status(file, error).permissions()) & 0777U;
}

Result<Copied> copy_one(const Path& from, const Path& to) {
  WINNOW_TRY(make_folders(to.parent_path()));
  if (is_database(from)) {
    WINNOW_TRY(auto database, Sqlite::open(from, Access::ReadOnly));
    WINNOW_TRY(database.back_up_to(to));
    return measure(to);
  }
  if (from.filename() == kLmdbFile) {
    WINNOW_TRY(Lmdb::back_up(from.parent_path(), to.parent_path()));
    return measure(to);
  }
  return copy_file(from, to, mode_of(from));
}

// A folder that is removed unless it gets its name in the end.
class Draft {
 public:
  explicit Draft(Path path) : path_(std::move(path)) {}
  ~Draft() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  const Path& path() const { return path_; }
  Status publish(const Path& name) {
    WINNOW_TRY(rename_folder(path_, name));
    path_.clear();
    return {};
  }

 private:
  Path path_;
};

Path draft_path(const Path& destination) {
  return destination.parent_path() / fmt::format(".{}.part", destination.filename().string());
}

Path without_trailing_slash(const Path& path) {
  std::error_code error;
  const auto absolute = std::filesystem::absolute(path, error).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

Json manifest_json(const std::map<std::string, Copied>& files, const Clock& clock) {
  std::vector<Json> items;
  for (const auto& [path, copied] : files) {
    items.push_back(
        Json::object({{"bytes", copied.bytes}, {"path", path}, {"sha256", copied.digest.hex()}}));
  }
  return Json::object({{"created", clock.now().text()},
                       {"files", Json::array(std::move(items))},
                       {"schema", kSchema}});
}

// Checks what a check sum of the copy alone cannot: that the workspace was sound when it was
// copied.
Status check_copy(const Path& copy, Progress& progress, BackupReport& report) {
  const auto data = registry::data_folder(copy);
  {
    WINNOW_TRY(auto database, Sqlite::open(data / "winnow.db", Access::ReadWrite));
    WINNOW_TRY(database.check_integrity());
  }
  WINNOW_TRY(const auto keys, KeyRing::open(data / "keys", Access::ReadOnly));
  WINNOW_TRY(const auto audit, verify_audit_log(data / "audit", keys, {}, progress));
  report.audit_entries = audit.entries;
  if (!audit.holds())
    return Error(Code::Corrupt, "the audit log is damaged: " + audit.findings.front().what);
  WINNOW_TRY(const auto objects, ObjectStore::open(data / "objects"));
  WINNOW_TRY(const auto verified, objects.verify_all(progress));
  if (verified.damages.empty()) return {};
  const auto& first = verified.damages.front();
  return Error(Code::Corrupt,
               fmt::format("{} objects are damaged, first '{}': {}", verified.damages.size(),
                           first.file.lexically_relative(copy).string(), first.what));
}

Result<std::vector<std::pair<Turn, Path>>> files_by_turn(const Path& workspace) {
  WINNOW_TRY(const auto files, list_files(workspace));
  std::vector<std::pair<Turn, Path>> turns;
  for (const auto& file : files) {
    const auto relative = file.lexically_relative(workspace);
    const auto turn = turn_of(relative);
    const bool is_copy = relative.begin()->string().starts_with(".") &&
                         relative.begin()->string().ends_with(".part");
    if (turn != Turn::Skip && !is_copy) turns.emplace_back(turn, relative);
  }
  std::sort(turns.begin(), turns.end());
  return turns;
}

}  // namespace

// The names are listed turn by turn: an object that is put while the databases are copied is named
// by the audit log's copy.
Result<BackupReport> back_up(const Path& workspace_path, const Path& destination_path,
                             const Clock& clock, Progress& progress) {
  const auto workspace = without_trailing_slash(workspace_path),
             destination = without_trailing_slash(destination_path);
  std::error_code ignored;
  if (!std::filesystem::exists(registry::format_path(workspace), ignored)) {
    return Error(Code::NotFound, fmt::format("'{}' is not a workspace", workspace.string()));
  }
  if (std::filesystem::exists(destination, ignored)) {
    return Error(Code::AlreadyExists, fmt::format("'{}' exists already", destination.string()));
  }
  const auto relative = destination.lexically_relative(workspace);
  if (!relative.empty() && relative.begin()->string() != "..") {
    return Error(
        Code::InvalidArgument,
        fmt::format("'{}' is inside the workspace it would be a copy of", destination.string()));
  }
  WINNOW_TRY(make_folders(destination.parent_path()));
  Draft draft(draft_path(destination));
  std::filesystem::remove_all(draft.path(), ignored);
  WINNOW_TRY(make_folders(draft.path()));
  std::map<std::string, Copied> copied;
  for (const auto turn : {Turn::Spool, Turn::Database, Turn::State, Turn::Log, Turn::Aside,
                          Turn::Audit, Turn::Object}) {
    WINNOW_TRY(const auto files, files_by_turn(workspace));
    progress.stage("copying", files.size());
    for (const auto& [its_turn, file] : files) {
      progress.advance(1);
      if (its_turn != turn) continue;
      auto copy = copy_one(workspace / file, draft.path() / file);
      // What its owner takes away meanwhile (the spool's file once it is worked off, a log's oldest
      // segment) is not in a copy that begins a moment later either.
      if (!copy && !std::filesystem::exists(workspace / file, ignored)) continue;
      WINNOW_TRY(copied[file.generic_string()], std::move(copy));
    }
  }
  BackupReport report;
  if (const auto checked = check_copy(draft.path(), progress, report); !checked) {
    return checked.error().with_context(fmt::format("backing up '{}'", workspace.string()));
  }
  for (const auto* leftover : {"data/winnow.db-wal", "data/winnow.db-shm"})
    std::filesystem::remove(draft.path() / leftover, ignored);
  WINNOW_TRY(copied["data/winnow.db"], measure(draft.path() / "data/winnow.db"));
  for (const auto& [path, file] : copied) report.bytes += file.bytes;
  report.files = copied.size();
  WINNOW_TRY(write_atomically(draft.path() / kManifest,
                              to_pretty_text(manifest_json(copied, clock)) + "\n"));
  WINNOW_TRY(sync_filesystem(draft.path()));
  WINNOW_TRY(draft.publish(destination));
  return report;
}

namespace {

struct Manifest {
  std::vector<std::pair<Path, Copied>> files;
};

Result<Manifest> read_manifest(const Path& backup) {
  const auto text = read_file(backup / kManifest, 1UL << 30);
  if (!text)
    return Error(Code::NotFound,
                 fmt::format("'{}' is not a backup: it has no {}", backup.string(), kManifest));
  WINNOW_TRY(const auto json, parse_json(*text, {.max_bytes = 1UL << 30, .max_depth = 8}));
  if (json["schema"].as_string() != kSchema) {
    return Error(Code::Unsupported, fmt::format("the backup '{}' has another schema than '{}'",
                                                backup.string(), kSchema));
  }
  Manifest manifest;
  for (const auto& item : json["files"].items()) {
    WINNOW_TRY(const auto name, item.need_string("path"));
    WINNOW_TRY(const auto hex, item.need_string("sha256"));
    WINNOW_TRY(const auto bytes, item.need_int("bytes"));
    WINNOW_TRY(const auto digest, Digest::from_hex(hex));
    const Path path = Path(name).lexically_normal();
    if (path.is_absolute() || path.empty() || *path.begin() == "..") {
      return Error(Code::Corrupt, fmt::format("the backup names the file '{}' outside itself",
                                              name.substr(0, 200)));
    }
    manifest.files.emplace_back(path, Copied{static_cast<std::uint64_t>(bytes), digest});
  }
  return manifest;
}

Result<Path> free_name_beside(const Path& folder) {
  std::error_code ignored;
  for (int n = 1; n < 10'000; ++n) {
    const Path name = fmt::format("{}.before-restore-{}", folder.string(), n);
    if (!std::filesystem::exists(name, ignored)) return name;
  }
  return Error(Code::Exhausted,
               fmt::format("there are too many old copies beside '{}'", folder.string()));
}

}  // namespace

Status restore(const Path& backup, const Path& folder_path, Existing existing, Progress& progress) {
  const auto folder = without_trailing_slash(folder_path);
  std::error_code ignored;
  const bool replaces =
      std::filesystem::exists(folder, ignored) && !std::filesystem::is_empty(folder, ignored);
  if (replaces && existing == Existing::Refuse) {
    return Error(Code::AlreadyExists, fmt::format("'{}' is not empty", folder.string()))
        .with_hint("restore into a new folder, or choose to replace this one");
  }
  WINNOW_TRY(const auto manifest, read_manifest(backup));
  WINNOW_TRY(make_folders(folder.parent_path()));
  Draft draft(draft_path(folder));
  std::filesystem::remove_all(draft.path(), ignored);
  WINNOW_TRY(make_folders(draft.path()));
  progress.stage("restoring", manifest.files.size());
  for (const auto& [path, expected] : manifest.files) {
    progress.advance(1);
    WINNOW_TRY(make_folders((draft.path() / path).parent_path()));
    auto copied = copy_file(backup / path, draft.path() / path, mode_of(backup / path));
    if (!copied && copied.error().code() != Code::NotFound) return copied.error();
    if (!copied || copied->digest != expected.digest) {
      return Error(Code::Corrupt,
                   fmt::format("the backup's file '{}' is {}", (backup / path).string(),
                               copied ? "damaged" : "missing"));
    }
  }
  BackupReport report;
  WINNOW_TRY(check_copy(draft.path(), progress, report));
  WINNOW_TRY(sync_filesystem(draft.path()));
  if (!replaces) {
    std::filesystem::remove(folder, ignored);  // empty
    return draft.publish(folder);
  }
  if (std::filesystem::exists(registry::lock_path(folder), ignored)) {
    WINNOW_TRY(FileLock::acquire(registry::lock_path(folder), FileLock::Mode::Exclusive));
  }
  // Beside the old workspace first, then swapped with it: whenever the process dies, there is one.
  WINNOW_TRY(const auto aside, free_name_beside(folder));
  WINNOW_TRY(draft.publish(aside));
  return exchange_folders(folder, aside);
}

}  // namespace winnow
