#include "cli/detail/session.h"

#include <cstdlib>

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include "base/digest.h"

namespace winnow::cli {

Option workspace_option() {
  return {Option::Kind::Text, "workspace",
          "the workspace's folder (default: the nearest one at or above this folder)"};
}

Option actor_option() {
  return {Option::Kind::Text, "actor",
          "who does this, for the audit log (default: WINNOW_ACTOR, else the user's name)"};
}

Result<Path> workspace_folder(const Arguments& arguments) {
  if (arguments.has("workspace")) return Path(arguments.text("workspace"));
  std::error_code error;
  const auto here = std::filesystem::current_path(error);
  if (error) return Error(Code::NotFound, "the current folder cannot be read");
  return find_workspace(here);
}

Result<std::unique_ptr<Workspace>> open_workspace(const Arguments& arguments, Access access) {
  WINNOW_TRY(const auto folder, workspace_folder(arguments));
  return Workspace::open(folder, access, system_clock());
}

std::string actor_of(const Arguments& arguments) {
  if (arguments.has("actor")) return arguments.text("actor");
  if (const char* actor = std::getenv("WINNOW_ACTOR"); actor != nullptr && *actor != '\0')
    return actor;
  const passwd* user = ::getpwuid(::getuid());
  return user != nullptr ? user->pw_name : fmt::format("uid {}", ::getuid());
}

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

Result<std::string> build_id() {
  WINNOW_TRY(auto file, InputFile::open("/proc/self/exe"));
  Sha256 hasher;
  for (std::string block;; block.clear()) {
    WINNOW_TRY(const auto got, file.read_some(block, 1UL << 20));
    if (got == 0) break;
    hasher.update(block);
  }
  return fmt::format("winnow {} g++ {} sha256:{}", WINNOW_VERSION, __VERSION__,
                     hasher.finish().hex());
}

Result<Run> run_named(Registry& registry, std::string_view text) {
  if (text != "latest") return registry.run(text);
  WINNOW_TRY(auto runs, registry.runs({.kind = "", .domain = "", .limit = 1}));
  if (runs.empty())
    return Error(Code::NotFound, "there are no runs yet")
        .with_hint("winnow train mail makes the first one");
  return std::move(runs.front());
}

Result<ListedBundle> bundle_named(Registry& registry, std::string_view text) {
  if (text != "latest") return registry.bundle(text);
  WINNOW_TRY(auto bundles, registry.bundles());
  if (bundles.empty())
    return Error(Code::NotFound, "there are no bundles yet")
        .with_hint("winnow bundles build makes one");
  return std::move(bundles.front());
}

std::string short_time(Timestamp t) {
  auto text = t.text().substr(0, 16);
  text[10] = ' ';
  return text;
}

}  // namespace winnow::cli
