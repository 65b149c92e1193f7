#include <algorithm>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "learn/model_import.h"

namespace winnow::cli {
namespace {

constexpr std::uint64_t kMaxModelBytes = 512UL << 20;

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto models,
             workspace->registry().artifacts({ArtifactKind::Model, "", std::nullopt}));
  Json all = Json::array();
  Table table({{"model"}, {"name"}, {"made"}, {"by run"}, {"size", true}, {"about"}});
  for (const auto& model : models) {
    all.push(to_json(model));
    table.add({model.digest.short_hex(), model.name, short_time(model.created),
               model.run ? model.run->text() : "-", human_bytes(model.size),
               to_text(model.metadata)});
  }
  console.document("models.list", Json::object({{"models", std::move(all)}}));
  if (table.empty()) {
    console.line("no models yet");
    console.note("winnow train mail makes one, winnow models import brings one");
  } else {
    table.print(console);
  }
  return 0;
}

Result<int> import(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto bytes, read_file(arguments.text("file"), kMaxModelBytes));
  learn::ColumnMapping mapping;
  if (arguments.has("columns")) {
    WINNOW_TRY(const auto yaml, Yaml::read(arguments.text("columns")));
    WINNOW_TRY(mapping, learn::ColumnMapping::compile(yaml));
  }
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  auto& registry = workspace->registry();
  WINNOW_TRY(const auto features, read_feature_set(*workspace));
  WINNOW_TRY(const auto context, run_context(arguments, *workspace));
  WINNOW_TRY(const auto feature_set, registry.add({ArtifactKind::FeatureSet, "mail",
                                                   features.canonical(), "application/json"},
                                                  context.actor));
  WINNOW_TRY(const auto run,
             learn::import_model(registry, bytes, mapping, features, feature_set.ref(), context));
  console.document("models.import", Json::object({{"run", to_json(run)}}));
  console.line(fmt::format("imported {} trees over {} columns as model {} (run {})",
                           run.metrics["trees"].as_int(), run.metrics["columns"].as_int(),
                           run.outputs.front().digest.short_hex(), run.id.text()));
  const auto& columns = run.parameters["columns"].members();
  const auto missing = std::ranges::count_if(columns, [](const auto& column) {
    return column.second.as_string() == learn::ColumnMapping::kMissing;
  });
  if (missing > 0) {
    console.note(
        fmt::format("{} columns take no feature: they are missing in every mail", missing));
  }
  console.note(
      "next: winnow bundles build, then winnow evaluate: labelled mail tells whether its columns "
      "mean here what they meant where it was trained");
  return 0;
}

}  // namespace

std::vector<Command> models_commands() {
  using Kind = Option::Kind;
  return {
      {"models list",
       "Lists the models in the registry, newest first",
       "",
       "winnow models list",
       {workspace_option()},
       list},
      {"models import",
       "Brings in a forest that was trained elsewhere",
       "XGBoost (JSON, UBJSON, old binary) and LightGBM (text). The file is data: it is checked, "
       "converted and never executed.\n\n"
       "Each of its columns takes a feature of content/features/mail.yaml: the one of its own "
       "name, "
       "or the one that --columns names. That file is YAML, a line a column:\n\n"
       "  num_urls: link_count       # winnow features list shows the features\n"
       "  vt_score: missing          # nothing here stands for it: missing in every mail\n\n"
       "or a list of features in the order of the columns. A column that is computed in another "
       "way than any feature gets a feature of its own: docs/features.md tells how to declare one.",
       "winnow models import phishing.json --columns columns.yaml",
       {{Kind::Positional, "file", "the model file", "", true},
        {Kind::Text, "columns", "file that says which feature each column takes"},
        actor_option(),
        workspace_option()},
       import},
  };
}

}  // namespace winnow::cli
