#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

Result<int> backup(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto folder, workspace_folder(arguments));
  WINNOW_TRY(const auto report,
             back_up(folder, arguments.text("folder"), system_clock(), console.progress()));
  console.document("backup", Json::object({{"folder", arguments.text("folder")},
                                           {"files", report.files},
                                           {"bytes", report.bytes},
                                           {"audit_entries", report.audit_entries}}));
  console.line(fmt::format("backed up {} files, {}, {} audit entries to {}",
                           human_count(report.files), human_bytes(report.bytes),
                           human_count(report.audit_entries), arguments.text("folder")));
  console.note("it holds the signing keys: keep it as safe as the workspace");
  return 0;
}

Result<int> restore_backup(const Arguments& arguments, Console& console) {
  const Path folder = arguments.text("folder");
  const auto existing = arguments.flag("replace") ? Existing::Replace : Existing::Refuse;
  WINNOW_TRY(restore(arguments.text("backup"), folder, existing, console.progress()));
  console.document("restore", Json::object({{"folder", folder.string()}}));
  console.line(fmt::format("restored to {}", folder.string()));
  console.note(fmt::format("winnow doctor --workspace {} checks it", folder.string()));
  return 0;
}

}  // namespace

std::vector<Command> backup_commands() {
  using Kind = Option::Kind;
  return {
      {"backup",
       "Copies the whole workspace, consistent and verified, while it is in use",
       "The copy appears whole or not at all. It includes the signing keys.",
       "winnow backup ../winnow-backup",
       {{Kind::Positional, "folder", "where the backup goes; must not exist", "", true},
        workspace_option()},
       backup},
      {"restore",
       "Makes a workspace from a backup",
       "Every file is checked first. What --replace replaces is kept beside it.",
       "winnow restore ../winnow-backup ../restored",
       {{Kind::Positional, "backup", "the backup's folder", "", true},
        {Kind::Positional, "folder", "where the workspace goes", "", true},
        {Kind::Flag, "replace", "replace the workspace that is there"}},
       restore_backup},
  };
}

}  // namespace winnow::cli
