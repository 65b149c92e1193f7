#include <fmt/format.h>

#include "base/json_text.h"
#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto folder, workspace_folder(arguments));
  WINNOW_TRY(const auto keys, KeyRing::open(folder / "data" / "keys", Access::ReadOnly));
  Json all = Json::array();
  Table table({{"key"}, {"created"}, {"retired"}});
  for (const auto& key : keys.keys()) {
    all.push(Json::object({{"id", key.id.text()},
                           {"created", key.created.text()},
                           {"retired", json_text(key.retired)}}));
    table.add({key.id.text(), short_time(key.created),
               key.retired ? short_time(*key.retired) : "signs now"});
  }
  console.document("keys.list", Json::object({{"keys", std::move(all)}}));
  table.print(console);
  return 0;
}

Result<int> rotate(const Arguments& arguments, Console& console) {
  // A process that knew the old key only could neither sign nor verify any more.
  WINNOW_TRY(const auto workspace,
             open_workspace(arguments, Access::ReadWrite, Workspace::Company::Alone));
  auto& registry = workspace->registry();
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  WINNOW_TRY(registry.rotate_keys(actor));
  const auto& key = registry.keys().current();
  console.document("keys.rotate", Json::object({{"id", key.id.text()}}));
  console.line(
      fmt::format("{} signs from now on; what earlier keys signed keeps verifying", key.id.text()));
  return 0;
}

}  // namespace

std::vector<Command> keys_commands() {
  return {
      {"keys list",
       "Lists the keys that sign runs and the audit log",
       "Each key is endorsed by the one before it.",
       "winnow keys list",
       {workspace_option()},
       list},
      {"keys rotate",
       "Lets a new key sign from now on",
       "The old private key is deleted; its signatures keep verifying.",
       "winnow keys rotate",
       {actor_option(), workspace_option()},
       rotate},
  };
}

}  // namespace winnow::cli
