#include <fmt/format.h>

#include "base/yaml.h"
#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "cli/detail/settings.h"

namespace winnow::cli {
namespace {

// What people look for in a configuration and find in content/, because it shapes decisions.
struct ContentKey {
  std::string_view file, key;
};
constexpr ContentKey kContentKeys[] = {{"mappings/mail.yaml", "trusted_receivers"},
                                       {"policies/mail.yaml", "routes"},
                                       {"policies/mail.yaml", "abstain"},
                                       {"training/mail.yaml", "capacity"},
                                       {"training/mail.yaml", "costs"}};

Result<int> show(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto folder, workspace_folder(arguments));
  WINNOW_TRY(const auto settings, settings_of(arguments, folder));
  Json of_workspace = Json::array(), of_content = Json::array();
  Table table({{"key"}, {"value"}, {"from"}});
  for (const auto& value : settings.values()) {
    of_workspace.push(Json::object(
        {{"key", value.setting->key}, {"value", value.text}, {"origin", value.origin}}));
    table.add({std::string(value.setting->key), value.text, value.origin});
  }
  Table content({{"what decides"}, {"from"}, {"value"}});
  for (const auto& [file, key] : kContentKeys) {
    WINNOW_TRY(const auto yaml, Yaml::read((folder / "content" / file).string()));
    const auto& node = yaml[key];
    const auto origin = node.is_null() ? fmt::format("content/{}", file)
                                       : fmt::format("content/{}:{}", file, node.line());
    of_content.push(Json::object({{"key", key}, {"value", node.json()}, {"origin", origin}}));
    content.add({std::string(key), origin, to_text(node.json())});
  }
  console.document("config.show", Json::object({{"settings", std::move(of_workspace)},
                                                {"content", std::move(of_content)}}));
  table.print(console);
  console.line();
  content.print(console);
  return 0;
}

}  // namespace

std::vector<Command> config_commands() {
  return {{"config show",
           "Shows every setting, its value and where it comes from",
           "Defaults, then winnow.yaml, then the environment, then options; the later wins. Below "
           "them, what is set in content/ because it decides: after a change there, build a "
           "bundle (and train, where it shapes training).",
           "winnow config show",
           {actor_option(), threads_option(), workspace_option()},
           show}};
}

}  // namespace winnow::cli
