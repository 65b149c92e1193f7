// One folder with all of Winnow: winnow.yaml, content/ (kept in git by its owner), data/ (Winnow's
// own).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "registry/registry.h"
#include "registry/run.h"
#include "store/access.h"

namespace winnow {

class Workspace {
 public:
  // Makes a workspace in `folder` (absent, or empty but for content/): winnow.yaml with
  // `configuration`, content/, data/ with its first key. Errors: AlreadyExists, Denied,
  // Unavailable.
  static Status init(const Path& folder, std::string_view configuration, const Clock& clock);

  // Opens it beside other processes, or Alone for what none of them may see half-way. `clock`
  // outlives it. Errors: NotFound (no workspace), Conflict (another process has it open alone, or,
  // for Alone, at all), Unsupported (made by a newer Winnow), and as Registry::open.
  enum class Company { Others, Alone };
  static Result<std::unique_ptr<Workspace>> open(const Path& folder, Access access,
                                                 const Clock& clock,
                                                 Company company = Company::Others);

  const Path& folder() const { return folder_; }
  Path configuration_file() const { return folder_ / "winnow.yaml"; }
  Path content() const { return folder_ / "content"; }
  Path data() const { return folder_ / "data"; }
  Path database_file() const {
    return data() / "winnow.db";
  }  // other folders keep their tables here too
  Registry& registry() { return *registry_; }
  Result<CodeState> code() const;  // of content/

 private:
  struct Private {};  // open() is the only way in

 public:
  Workspace(Private, Path folder, FileLock lock, std::unique_ptr<Registry> registry)
      : folder_(std::move(folder)), lock_(std::move(lock)), registry_(std::move(registry)) {}

 private:
  Path folder_;
  FileLock lock_;
  std::unique_ptr<Registry> registry_;
};

// The nearest folder at or above `from` that holds a workspace. Errors: NotFound.
Result<Path> find_workspace(const Path& from);

// A consistent copy of the workspace, verified, that appears at `destination` whole or not at all;
// works while another process uses it. Signing keys are copied too: keep it as safe as the
// workspace. Errors: AlreadyExists, Corrupt (the workspace is damaged; the message says where),
// Exhausted, Unavailable.
struct BackupReport {
  std::uint64_t files = 0, bytes = 0, audit_entries = 0;
};
Result<BackupReport> back_up(const Path& workspace, const Path& destination, const Clock& clock,
                             Progress& progress);

enum class Existing { Refuse, Replace };
// Makes `folder` what the backup holds, after checking every file of it. Replace keeps what was
// there beside it as FOLDER.before-restore-N. Errors: AlreadyExists, Corrupt, Conflict (in use),
// Unsupported, Exhausted.
Status restore(const Path& backup, const Path& folder, Existing existing, Progress& progress);

struct Check {
  enum class State { Ok, Warn, Fail };
  std::string name;  // "audit log"
  State state;
  std::string detail;  // what was found
  std::string advice;  // what to do; empty when Ok
};
std::string_view name_of(Check::State state);
// Checks everything that can be checked, changing nothing; takes no lock.
std::vector<Check> examine(const Path& workspace, const Clock& clock, Progress& progress);

}  // namespace winnow
