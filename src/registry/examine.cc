#include <fmt/format.h>

#include "registry/content_state.h"
#include "registry/detail/workspace_files.h"
#include "registry/dsse.h"
#include "registry/workspace.h"
#include "store/sqlite.h"

namespace winnow {
namespace {

constexpr std::string_view kRestore = "restore the workspace from a backup (winnow restore)";
constexpr std::uintmax_t kLowDiskBytes = 1UL << 30;

using State = Check::State;

Check failed(std::string name, const Error& error, std::string_view advice = kRestore) {
  return {std::move(name), State::Fail, error.message(),
          error.hint().empty() ? std::string(advice) : error.hint()};
}

Check check_format_file(const Path& workspace) {
  const auto text = read_file(registry::format_path(workspace), 1000);
  if (!text)
    return {"workspace", State::Fail, fmt::format("'{}' is not a workspace", workspace.string()),
            "make one with winnow init"};
  if (*text != registry::kFormat) {
    return {"workspace", State::Fail, "it has a format that this Winnow does not know",
            "use the version of Winnow that made it"};
  }
  return {"workspace", State::Ok, fmt::format("'{}'", workspace.string()), ""};
}

Check check_space(const Path& workspace) {
  std::error_code error;
  const auto space = std::filesystem::space(workspace, error);
  if (error) return {"disk space", State::Warn, error.message(), "look at the disk"};
  const auto detail = fmt::format("{} MiB free", space.available >> 20);
  if (space.available >= kLowDiskBytes) return {"disk space", State::Ok, detail, ""};
  return {"disk space", State::Warn, detail, "free some: with a full disk nothing can be recorded"};
}

Check check_lock(const Path& workspace) {
  const auto lock = FileLock::acquire(registry::lock_path(workspace), FileLock::Mode::Shared);
  if (lock) return {"in use", State::Ok, "no process has it for itself alone", ""};
  if (lock.error().code() == Code::Conflict)
    return {"in use", State::Ok, "a process has it for itself alone; checked beside it", ""};
  return failed("in use", lock.error());
}

Check check_database(const Path& data) {
  auto database = Sqlite::open(data / "winnow.db", Access::ReadOnly);
  if (!database) return failed("database", database.error());
  if (const auto intact = database->check_integrity(); !intact)
    return failed("database", intact.error());
  return {"database", State::Ok, "every page is intact", ""};
}

Check check_keys(const Result<KeyRing>& readable, const Path& data) {
  if (!readable) return failed("keys", readable.error());
  const auto signing = KeyRing::open(data / "keys", Access::ReadWrite);
  if (!signing) return failed("keys", signing.error());
  return {"keys", State::Ok,
          fmt::format("{} keys, each endorsed by the one before it", signing->keys().size()), ""};
}

Check check_audit(const KeyRing& keys, const Path& data, Progress& progress) {
  const auto verified = verify_audit_log(data / "audit", keys, {}, progress);
  if (!verified) return failed("audit log", verified.error());
  if (verified->holds()) {
    return {
        "audit log", State::Ok,
        fmt::format("{} entries under {} checkpoints", verified->entries, verified->checkpoints),
        ""};
  }
  const auto& first = verified->findings.front();
  const auto since = first.since ? fmt::format("; unchanged until {}", first.since->text()) : "";
  return {"audit log", State::Fail, first.what + since, std::string(kRestore)};
}

Check check_objects(const Path& data, Progress& progress) {
  auto objects = ObjectStore::open(data / "objects");
  if (!objects) return failed("objects", objects.error());
  const auto verified = objects->verify_all(progress);
  if (!verified) return failed("objects", verified.error());
  if (verified->damages.empty()) {
    return {"objects", State::Ok,
            fmt::format("{} objects of {} bytes are intact", verified->objects, verified->bytes),
            ""};
  }
  const auto& first = verified->damages.front();
  return {"objects", State::Fail,
          fmt::format("{} are damaged, first '{}': {}", verified->damages.size(),
                      first.file.string(), first.what),
          std::string(kRestore)};
}

// What the audit log records is in the store and in the listing, and the runs' signatures hold.
Result<std::string> check_records(Registry& registry) {
  WINNOW_TRY(const auto artifacts, registry.artifacts());
  for (const auto& artifact : artifacts) {
    if (registry.objects().has(artifact.digest)) continue;
    return Error(Code::Corrupt,
                 fmt::format("the object of {} '{}' ({}) is missing", name_of(artifact.kind),
                             artifact.name, artifact.digest.hex()));
  }
  WINNOW_TRY(const auto bundles, registry.bundles());
  WINNOW_TRY(const auto runs, registry.runs({.kind = "", .domain = "", .limit = 1'000'000}));
  for (const auto& run : runs) WINNOW_TRY(registry.run(run.id.text()));
  return fmt::format("{} artifacts, {} bundles, {} signed runs", artifacts.size(), bundles.size(),
                     runs.size());
}

Check check_registry(const Path& data, const Clock& clock) {
  auto registry = Registry::open(data, clock, Access::ReadOnly);
  if (!registry) return failed("records", registry.error());
  const auto checked = check_records(**registry);
  if (!checked) return failed("records", checked.error());
  return {"records", State::Ok, *checked, ""};
}

Check check_content(const Path& workspace) {
  const auto code = content_state(workspace / "content");
  if (!code) return failed("content", code.error(), "make content/ readable");
  if (code->commit.empty()) {
    return {"content", State::Warn, "content/ is not in a git repository with a commit",
            "git init, git add, git commit: then runs name the commit they used"};
  }
  return {"content", State::Ok, fmt::format("commit {}", code->commit), ""};
}

}  // namespace

std::string_view name_of(Check::State state) {
  switch (state) {
    case State::Ok:
      return "ok";
    case State::Warn:
      return "warn";
    case State::Fail:
      return "fail";
  }
  violate("every Check::State has a name", std::source_location::current());
}

std::vector<Check> examine(const Path& workspace, const Clock& clock, Progress& progress) {
  std::vector<Check> checks{check_format_file(workspace)};
  if (checks.front().state == State::Fail) return checks;
  const auto data = registry::data_folder(workspace);
  const auto keys = KeyRing::open(data / "keys", Access::ReadOnly);
  checks.push_back(check_lock(workspace));
  checks.push_back(check_space(workspace));
  checks.push_back(check_content(workspace));
  checks.push_back(check_keys(keys, data));
  checks.push_back(check_database(data));
  checks.push_back(check_objects(data, progress));
  if (keys) checks.push_back(check_audit(*keys, data, progress));
  checks.push_back(check_registry(data, clock));
  return checks;
}

}  // namespace winnow
