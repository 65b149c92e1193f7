#include "cli/detail/session.h"

#include <fmt/format.h>

#include "base/digest.h"

namespace winnow::cli {

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

Option workspace_option() {
  return {Option::Kind::Text, "workspace",
          "the workspace's folder (default: the nearest one at or above this folder)"};
}

Option actor_option() {
  return {Option::Kind::Text, "actor",
          "who does this, for the audit log (default: winnow config show)"};
}

Option threads_option() {
  return {Option::Kind::Integer, "threads",
          "how many threads work; changes no result (default: winnow config show)"};
}

Result<Path> workspace_folder(const Arguments& arguments) {
  if (arguments.has("workspace")) return Path(arguments.text("workspace"));
  std::error_code error;
  const auto here = std::filesystem::current_path(error);
  if (error) return Error(Code::NotFound, "the current folder cannot be read");
  return find_workspace(here);
}

Result<std::unique_ptr<Workspace>> open_workspace(const Arguments& arguments, Access access,
                                                  Workspace::Company company) {
  WINNOW_TRY(const auto folder, workspace_folder(arguments));
  return Workspace::open(folder, access, system_clock(), company);
}

Result<Settings> settings_of(const Arguments& arguments, const Path& workspace) {
  return Settings::read(workspace / "winnow.yaml", arguments);
}

Result<std::string> actor_of(const Arguments& arguments, const Workspace& workspace) {
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace.folder()));
  return settings.text("actor");
}

Result<learn::RunContext> run_context(const Arguments& arguments, const Workspace& workspace) {
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace.folder()));
  learn::RunContext context;
  context.actor = settings.text("actor");
  context.threads = static_cast<unsigned>(settings.number("threads"));
  WINNOW_TRY(context.build_id, build_id());
  WINNOW_TRY(context.code, workspace.code());
  return context;
}

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
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
