#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "learn/reproduction.h"

namespace winnow::cli {
namespace {

std::string headline(const Run& run) {
  if (run.status == RunStatus::Failed) return run.failure;
  std::string text;
  for (const auto& [name, value] : run.metrics.members()) {
    if (!value.is_number()) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                        value.is_int() ? human_count(static_cast<std::uint64_t>(value.as_int()))
                                       : fmt::format("{:.4g}", value.as_double()));
  }
  return text;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto runs,
             workspace->registry().runs({arguments.text("kind"), "",
                                         static_cast<std::uint64_t>(arguments.integer("limit"))}));
  Json all = Json::array();
  Table table({{"run"}, {"kind"}, {"started"}, {"status"}, {"actor"}, {"result"}});
  for (const auto& run : runs) {
    all.push(to_json(run));
    table.add({run.id.text(), run.kind, short_time(run.started), std::string(name_of(run.status)),
               run.actor, headline(run)});
  }
  console.document("runs.list", Json::object({{"runs", std::move(all)}}));
  table.print_or(console, "no runs yet", "winnow train mail makes the first one");
  return 0;
}

void print_refs(Console& console, std::string_view title, const std::vector<ArtifactRef>& refs) {
  for (const auto& ref : refs) {
    console.line(fmt::format("{:<10} {:<14} {:<12} {}", title, name_of(ref.kind),
                             printable(ref.name), ref.digest.hex()));
    title = "";
  }
}

void print_members(Console& console, std::string_view title, const Json& json) {
  for (const auto& [name, value] : json.members()) {
    console.line(fmt::format("{:<10} {:<32} {}", title, printable(name),
                             printable(value.is_string() ? value.as_string() : to_text(value))));
    title = "";
  }
}

Result<int> show(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto run, run_named(workspace->registry(), arguments.text("run")));
  console.document("runs.show", Json::object({{"run", to_json(run)}}));
  console.line(fmt::format("run        {}  ({}, {}, signature verified)", run.id.text(), run.kind,
                           name_of(run.status)));
  if (!run.failure.empty()) console.line(fmt::format("failure    {}", printable(run.failure)));
  console.line(fmt::format("by         {}  {} to {}", printable(run.actor), run.started.text(),
                           run.ended.text()));
  console.line(fmt::format(
      "code       commit {}  tree {}{}", run.code.commit.empty() ? "none" : run.code.commit,
      name_of(run.code.tree),
      run.code.content_digest ? fmt::format("  content {}", run.code.content_digest->short_hex())
                              : ""));
  console.line(fmt::format("build      {}", printable(run.build_id)));
  console.line(fmt::format("seed       {}", run.seed));
  print_refs(console, "inputs", run.inputs);
  print_refs(console, "outputs", run.outputs);
  print_members(console, "parameters", run.parameters);
  print_members(console, "metrics", run.metrics);
  print_members(console, "environment", run.environment);
  return 0;
}

Result<int> compare(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto before, run_named(workspace->registry(), arguments.text("before")));
  WINNOW_TRY(const auto after, run_named(workspace->registry(), arguments.text("after")));
  Json changes = Json::array();
  Table table({{"field"}, {before.id.text()}, {after.id.text()}});
  for (const auto& change : diff(before, after)) {
    changes.push(Json::object(
        {{"field", change.field}, {"before", change.before}, {"after", change.after}}));
    table.add({change.field, change.before.empty() ? "-" : change.before,
               change.after.empty() ? "-" : change.after});
  }
  console.document("runs.diff", Json::object({{"before", before.id.text()},
                                              {"after", after.id.text()},
                                              {"changes", std::move(changes)}}));
  table.print_or(console, "the runs agree in everything that is recorded");
  return 0;
}

Result<int> reproduce(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto run, run_named(workspace->registry(), arguments.text("run")));
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  WINNOW_TRY(const auto settings, settings_of(arguments, workspace->folder()));
  const auto threads = static_cast<unsigned>(settings.number("threads"));
  WINNOW_TRY(const auto again,
             learn::reproduce(workspace->registry(), events, run, threads, console.progress()));
  console.end_progress();
  Json outputs = Json::array();
  for (const auto& output : again.outputs) {
    outputs.push(Json::object({{"kind", name_of(output.recorded.kind)},
                               {"recorded", output.recorded.digest.hex()},
                               {"made", output.made.hex()},
                               {"equal", output.equal()}}));
    console.line(console.tinted(output.equal() ? "equal  " : "differs",
                                output.equal() ? Console::Tone::Good : Console::Tone::Bad) +
                 fmt::format("  {:<12} recorded {}  made {}", name_of(output.recorded.kind),
                             output.recorded.digest.short_hex(), output.made.short_hex()));
  }
  WINNOW_TRY(const auto removed, events.count({.of = EventFilter::Of::Removed}));
  if (!again.equal() && removed > 0) {
    console.line(fmt::format(
        "retention removed {} mails of the log: what was made from one cannot be made again",
        human_count(removed)));
  }
  console.document("runs.reproduce", Json::object({{"run", again.run.text()},
                                                   {"mails_removed", removed},
                                                   {"equal", again.equal()},
                                                   {"outputs", std::move(outputs)}}));
  return again.equal() ? 0 : kAnswerIsNo;
}

}  // namespace

std::vector<Command> runs_commands() {
  using Kind = Option::Kind;
  return {
      {"runs list",
       "Lists what was executed: trainings, evaluations, imports",
       "Newest first. Failed runs are kept as well.",
       "winnow runs list --kind train",
       {{Kind::Text, "kind",
         "only runs of this kind (train, evaluate, intel_import, model_import)"},
        {Kind::Integer, "limit", "at most so many", "50"},
        workspace_option()},
       list},
      {"runs show",
       "Shows one run with its whole lineage",
       "The record's signature is verified before anything is shown.",
       "winnow runs show latest",
       {{Kind::Positional, "run", "its id, a unique prefix of it, or latest", "", true},
        workspace_option()},
       show},
      {"runs diff",
       "Shows in what two runs differ",
       "Code, data, feature set, intel, parameters, seed, environment, metrics and outputs.",
       "winnow runs diff latest latest",
       {{Kind::Positional, "before", "the one run", "", true},
        {Kind::Positional, "after", "the other run", "", true},
        workspace_option()},
       compare},
      {"runs reproduce",
       "Makes the outputs of a training or an evaluation again and compares them byte by byte",
       "From the recorded inputs, parameters and seed. Changes nothing. Exit code 3 when anything "
       "differs.",
       "winnow runs reproduce latest",
       {{Kind::Positional, "run", "its id, a unique prefix of it, or latest", "", true},
        threads_option(),
        workspace_option()},
       reproduce},
  };
}

}  // namespace winnow::cli
