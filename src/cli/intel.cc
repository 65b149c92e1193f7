#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "intel/intel_spec.h"
#include "intel/snapshot_diff.h"
#include "learn/intel_run.h"

namespace winnow::cli {
namespace {

// A specification (YAML), or one list whose options stand on the command line.
struct Source {
  IntelSpec spec;
  Path folder;
};

Result<Source> source_of(const Arguments& arguments) {
  const Path file = arguments.text("file");
  if (file.extension() == ".yaml" || file.extension() == ".yml") {
    WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
    WINNOW_TRY(auto spec, IntelSpec::parse(yaml));
    return Source{std::move(spec), file.parent_path()};
  }
  IntelListSpec list{file.filename().string(), {}};
  list.options.source = arguments.has("name") ? arguments.text("name") : file.stem().string();
  list.options.labels = arguments.texts("label");
  list.options.column = arguments.text("column");
  list.options.with_subdomains = arguments.flag("subdomains");
  if (arguments.has("format")) {
    WINNOW_TRY(list.options.format, list_format(arguments.text("format")));
  }
  return Source{{{std::move(list)}, {}}, file.parent_path()};
}

Result<int> import(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto source, source_of(arguments));
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto context, run_context(arguments, *workspace));
  console.progress().stage("importing", 0);
  WINNOW_TRY(const auto imported,
             learn::import_intel_run(workspace->registry(), source.spec, source.folder, context));
  console.end_progress();
  Json lists = Json::array();
  Table table({{"list"}, {"format"}, {"indicators", true}, {"refused", true}, {"ignored", true}});
  for (const auto& [name, report] : imported.reports) {
    lists.push(Json::object({{"name", name},
                             {"format", name_of(report.format)},
                             {"indicators", report.indicators},
                             {"refused", report.refused},
                             {"ignored", report.ignored}}));
    table.add({name, std::string(name_of(report.format)), human_count(report.indicators),
               human_count(report.refused), human_count(report.ignored)});
  }
  console.document("intel.import",
                   Json::object({{"run", to_json(imported.run)}, {"lists", std::move(lists)}}));
  table.print(console);
  for (const auto& [name, report] : imported.reports) {
    for (std::size_t i = 0; i < std::min<std::size_t>(3, report.examples.size()); ++i) {
      console.note(fmt::format("{}: record {} refused: {}", name, report.examples[i].position,
                               printable(report.examples[i].reason)));
    }
  }
  console.line(fmt::format("snapshot {} (run {})", imported.run.outputs.front().digest.short_hex(),
                           imported.run.id.text()));
  console.note("train and build with it: winnow train mail, winnow bundles build");
  return 0;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto snapshots,
             workspace->registry().artifacts({ArtifactKind::IntelSnapshot, "", std::nullopt}));
  Json all = Json::array();
  Table table({{"snapshot"}, {"made"}, {"by run"}, {"size", true}, {"indicators", true}});
  for (const auto& snapshot : snapshots) {
    all.push(to_json(snapshot));
    table.add({snapshot.digest.short_hex(), short_time(snapshot.created),
               snapshot.run ? snapshot.run->text() : "-", human_bytes(snapshot.size),
               human_count(static_cast<std::uint64_t>(snapshot.metadata["indicators"].as_int()))});
  }
  console.document("intel.list", Json::object({{"snapshots", std::move(all)}}));
  table.print_or(console, "no intel snapshots yet",
                 "winnow intel import content/intel/intel.yaml makes the first one");
  return 0;
}

Result<IntelSnapshot> snapshot_named(Registry& registry, const std::string& name) {
  WINNOW_TRY(const auto artifact,
             registry.artifact(ArtifactKind::IntelSnapshot, name == "latest" ? "mail" : name));
  WINNOW_TRY(auto bytes, registry.read(artifact.digest));
  return IntelSnapshot::from_bytes(std::move(bytes));
}

Result<int> compare(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto before, snapshot_named(workspace->registry(), arguments.text("before")));
  WINNOW_TRY(const auto after, snapshot_named(workspace->registry(), arguments.text("after")));
  const auto found =
      diff(before, after,
           static_cast<std::size_t>(std::max<std::int64_t>(arguments.integer("limit"), 0)));
  constexpr std::string_view kWhat[] = {"added", "removed", "changed"};
  Json kinds = Json::object();
  Table table({{"kind"}, {"added", true}, {"removed", true}, {"changed", true}});
  for (std::size_t kind = 0; kind < kIndicatorKinds; ++kind) {
    const auto& counts = found.by_kind[kind];
    const auto name = name_of(static_cast<IndicatorKind>(kind));
    kinds.set(std::string(name), Json::object({{"added", counts.added},
                                               {"removed", counts.removed},
                                               {"changed", counts.changed}}));
    table.add({std::string(name), human_count(counts.added), human_count(counts.removed),
               human_count(counts.changed)});
  }
  Json changes = Json::array();
  for (const auto& change : found.changes) {
    changes.push(Json::object({{"what", kWhat[static_cast<int>(change.what)]},
                               {"kind", name_of(change.kind)},
                               {"value", change.value}}));
  }
  console.document("intel.diff",
                   Json::object({{"kinds", std::move(kinds)}, {"changes", std::move(changes)}}));
  table.print(console);
  for (const auto& change : found.changes) {
    console.line(fmt::format("{:<8} {:<8} {}", kWhat[static_cast<int>(change.what)],
                             name_of(change.kind), printable(change.value)));
  }
  return 0;
}

}  // namespace

std::vector<Command> intel_commands() {
  using Kind = Option::Kind;
  return {
      {"intel import",
       "Makes an intel snapshot: what is known of domains, URLs and addresses at this moment",
       "FILE is a specification (YAML, as content/intel/intel.yaml: several lists at once), or one "
       "list: domains, URLs or addresses one a line, CSV "
       "with --column, hosts file, JSON array, MISP warning list, STIX 2.1 bundle. What cannot be "
       "used is counted and named.",
       "winnow intel import content/intel/intel.yaml",
       {{Kind::Positional, "file", "the specification or the list", "", true},
        {Kind::Texts, "label",
         "what the list says of its entries, for instance phishing; may be given again"},
        {Kind::Text, "name", "the list's name (default: the file's)"},
        {Kind::Text, "column", "CSV: the column of the values"},
        {Kind::Text,
         "format",
         "instead of recognising it",
         "",
         false,
         {"plain", "csv", "hosts", "json", "misp", "stix"}},
        {Kind::Flag, "subdomains", "domains stand for every name below them, too"},
        actor_option(),
        workspace_option()},
       import},
      {"intel list",
       "Lists the intel snapshots, newest first",
       "",
       "winnow intel list",
       {workspace_option()},
       list},
      {"intel diff",
       "Shows what moved between two snapshots",
       "",
       "winnow intel diff latest latest",
       {{Kind::Positional, "before", "digest or latest", "", true},
        {Kind::Positional, "after", "digest or latest", "", true},
        {Kind::Integer, "limit", "name at most so many changes", "20"},
        workspace_option()},
       compare},
  };
}

}  // namespace winnow::cli
