#include <fmt/format.h>

#include "base/file.h"
#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "pipeline/asset_import.h"

namespace winnow::cli {
namespace {

constexpr std::uint64_t kLargestFile = 64UL << 20;

Result<int> import(const Arguments& arguments, Console& console) {
  const Path file = arguments.text("file");
  WINNOW_TRY(const auto csv, read_file(file, kLargestFile));
  WINNOW_TRY(auto assets, read_assets(csv, file.filename().string()));
  const auto count = assets.size();
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  WINNOW_TRY(const auto snapshot, import_assets(workspace->registry(), std::move(assets), actor));
  console.document("assets.import", Json::object({{"assets", std::uint64_t{count}},
                                                  {"snapshot", to_json(snapshot)}}));
  console.line(fmt::format("{} assets, in the intel snapshot {}", human_count(count),
                           snapshot.digest.short_hex()));
  console.note(
      "they count for decisions once a bundle is built with it and promoted: winnow "
      "bundles build, winnow deployments promote latest");
  return 0;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto known, known_assets(workspace->registry()));
  if (arguments.flag("csv")) {
    auto csv = assets_csv(known.assets);
    csv.pop_back();  // its last line end comes with the line
    console.line(csv);
    return 0;
  }
  Json all = Json::array();
  Table table(
      {{"kind"}, {"name"}, {"criticality"}, {"purpose"}, {"owner"}, {"department"}, {"tags"}});
  for (const auto& asset : known.assets) {
    all.push(to_json(asset));
    std::string tags;
    for (const auto& tag : asset.tags) tags += tags.empty() ? tag : " " + tag;
    table.add({std::string(name_of(asset.kind)), asset.name,
               std::string(name_of(asset.criticality)), printable(asset.purpose),
               printable(asset.owner), printable(asset.department), tags});
  }
  console.document(
      "assets.list",
      Json::object({{"assets", std::move(all)},
                    {"digest", known.digest.hex()},
                    {"snapshot", known.snapshot ? Json(known.snapshot->digest.hex()) : Json()}}));
  table.print_or(console, "no assets yet", "winnow assets import FILE.csv brings them");
  return 0;
}

}  // namespace

std::vector<Command> assets_commands() {
  using Kind = Option::Kind;
  return {
      {"assets import",
       "Brings the list of hosts, users and networks: how critical they are, and whose",
       "FILE is CSV with a line of column names: kind (user, host, network) and name; and where "
       "wanted criticality (low, medium, high, critical), owner, department, purpose, tags and "
       "aliases (separated by blanks), since, until. It replaces the list before, all or nothing. "
       "The list is part of the intel snapshot: what decides names it by digest.",
       "winnow assets import simulated-assets.csv",
       {{Kind::Positional, "file", "the list", "", true}, actor_option(), workspace_option()},
       import},
      {"assets list",
       "Lists the assets of the newest snapshot",
       "",
       "winnow assets list",
       {{Kind::Flag, "csv", "as CSV, to be changed and imported again"}, workspace_option()},
       list},
  };
}

}  // namespace winnow::cli
