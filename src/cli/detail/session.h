// What nearly every command begins with: which workspace, opened how, and on whose behalf.
#pragma once

#include <memory>
#include <string>

#include "base/timestamp.h"
#include "cli/command.h"
#include "cli/detail/settings.h"
#include "learn/run_context.h"
#include "registry/workspace.h"

namespace winnow::cli {

// --workspace, which every command on a workspace has.
Option workspace_option();
// --actor, which every command that goes on record has.
Option actor_option();
// --threads, which every command that trains has.
Option threads_option();

// The folder of --workspace, else the nearest workspace at or above the current folder.
// Errors: NotFound.
Result<Path> workspace_folder(const Arguments& arguments);
Result<std::unique_ptr<Workspace>> open_workspace(
    const Arguments& arguments, Access access,
    Workspace::Company company = Workspace::Company::Others);

// The settings of a workspace, given its folder. Errors: as Settings::read.
Result<Settings> settings_of(const Arguments& arguments, const Path& workspace);
// On whose behalf the command acts: the setting `actor`.
Result<std::string> actor_of(const Arguments& arguments, const Workspace& workspace);
// The build that runs: version, compiler, and the digest of the binary's own bytes. Errors: of
// reading them.
Result<std::string> build_id();
// What a run says of who ran it and with what code.
Result<learn::RunContext> run_context(const Arguments& arguments, const Workspace& workspace);

const Clock& system_clock();

// What an argument names: an id, a unique prefix of it, or "latest". Errors: NotFound, Conflict.
Result<Run> run_named(Registry& registry, std::string_view text);
Result<ListedBundle> bundle_named(Registry& registry, std::string_view text);

std::string short_time(Timestamp t);  // "2026-03-03 14:05", UTC

}  // namespace winnow::cli
