#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/features_preview.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"

namespace winnow::cli {
namespace {

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto features, read_feature_set(*workspace, domain_of(arguments)));
  const auto& group = arguments.text("group");
  Json all = Json::array();
  Table table({{"feature"}, {"group"}, {"unit"}, {"meaning"}});
  for (const auto& feature : features.features()) {
    if (!group.empty() && feature.group != group) continue;
    all.push(Json::object({{"name", feature.name},
                           {"group", feature.group},
                           {"unit", feature.unit},
                           {"meaning", feature.meaning},
                           {"value", feature.value},
                           {"when", feature.when}}));
    table.add({feature.name, feature.group, feature.unit, feature.meaning});
  }
  if (table.empty()) {
    std::string groups;
    for (const auto& known : features.groups()) groups += (groups.empty() ? "" : ", ") + known.name;
    return Error(Code::NotFound, fmt::format("there is no group '{}' of features", group))
        .with_hint(fmt::format("the groups: {}", groups));
  }
  console.document("features.list", Json::object({{"feature_set", features.digest().hex()},
                                                  {"features", std::move(all)}}));
  table.print(console);
  return 0;
}

}  // namespace

std::vector<Command> features_commands() {
  return {
      features_preview_command(),
      {"features list",
       "Lists what is computed of each event: the columns of models, the words of policies",
       "As content/features/DOMAIN.yaml declares them now; docs/features.md tells how to add one.",
       "winnow features list --group links",
       {{Option::Kind::Text, "group", "only this group"}, domain_option(), workspace_option()},
       list}};
}

}  // namespace winnow::cli
