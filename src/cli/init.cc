#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "cli/detail/shipped_content.h"

namespace winnow::cli {
namespace {

Status write_content(const Path& content) {
  for (const auto& file : shipped_content()) {
    const Path path = content / file.path;
    std::error_code error;
    if (std::filesystem::exists(path, error)) continue;  // the owner's own files stay
    WINNOW_TRY(make_folders(path.parent_path()));
    WINNOW_TRY(write_atomically(path, file.bytes));
  }
  return {};
}

Result<int> init(const Arguments& arguments, Console& console) {
  const Path folder = arguments.has("folder") ? Path(arguments.text("folder")) : Path(".");
  WINNOW_TRY(Workspace::init(folder, sample_configuration(), system_clock()));
  WINNOW_TRY(write_content(folder / "content"));
  console.document("init", Json::object({{"folder", folder.string()},
                                         {"content_files", shipped_content().size()}}));
  console.line(fmt::format("made a workspace in {}", folder.string()));
  console.note(
      "content/ is yours to edit; keep it in git, so that each run can name its commit\n"
      "next: winnow ingest mail MAILBOX --label phish --source NAME");
  return 0;
}

}  // namespace

std::vector<Command> init_commands() {
  return {{"init",
           "Makes a workspace: winnow.yaml, content/ to edit, data/ with a signing key",
           "An existing content/ folder stays as it is; files that ship with Winnow and are "
           "missing there are added.",
           "winnow init my-soc",
           {{Option::Kind::Positional, "folder", "where (default: this folder)"}},
           init}};
}

}  // namespace winnow::cli
