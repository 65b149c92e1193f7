#include <algorithm>
#include <functional>
#include <iterator>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "learn/model_import.h"
#include "model/classifier.h"
#include "model/isolation_forest.h"
#include "model/novelty_model.h"

namespace winnow::cli {
namespace {

constexpr std::uint64_t kMaxModelBytes = 512UL << 20;

// Models that decide and models of novelty, newest first.
Result<std::vector<Artifact>> all_models(Registry& registry) {
  WINNOW_TRY(auto all, registry.artifacts({ArtifactKind::Model, "", std::nullopt}));
  WINNOW_TRY(auto novelty, registry.artifacts({ArtifactKind::NoveltyModel, "", std::nullopt}));
  std::ranges::move(novelty, std::back_inserter(all));
  std::ranges::stable_sort(all, std::ranges::greater(), &Artifact::created);
  return all;
}

Result<Artifact> model_named(Registry& registry, const std::string& wanted) {
  if (wanted != "latest") {
    auto model = registry.artifact(ArtifactKind::Model, wanted);
    if (model || model.error().code() != Code::NotFound) return model;
    auto novelty = registry.artifact(ArtifactKind::NoveltyModel, wanted);
    return novelty ? std::move(novelty) : std::move(model);
  }
  WINNOW_TRY(auto all, all_models(registry));
  if (!all.empty()) return std::move(all.front());
  return Error(Code::NotFound, "there is no model yet")
      .with_hint("winnow train mail makes one, winnow models import brings one");
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto models, all_models(workspace->registry()));
  Json all = Json::array();
  Table table({{"model"}, {"kind"}, {"name"}, {"made"}, {"by run"}, {"size", true}, {"about"}});
  for (const auto& model : models) {
    all.push(to_json(model));
    table.add({model.digest.short_hex(), std::string(name_of(model.kind)), model.name,
               short_time(model.created), model.run ? model.run->text() : "-",
               human_bytes(model.size), to_text(model.metadata)});
  }
  console.document("models.list", Json::object({{"models", std::move(all)}}));
  table.print_or(console, "no models yet",
                 "winnow train mail makes one, winnow models import brings one");
  return 0;
}

// "a forest of 200 trees": what a run imported.
std::string what_it_imported(const Run& run) {
  const auto& trees = run.metrics["trees"];
  return fmt::format("{} {}{}", run.parameters["model"].as_string(),
                     trees.is_int() ? fmt::format("of {} trees ", trees.as_int()) : "",
                     fmt::format("over {} columns", run.metrics["columns"].as_int()));
}

Result<int> import(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto bytes, read_file(arguments.text("file"), kMaxModelBytes));
  auto format = learn::ModelFormat::Any;
  if (arguments.has("kind")) {
    WINNOW_TRY(format, learn::model_format_of(arguments.text("kind")));
  }
  learn::ColumnMapping mapping;
  if (arguments.has("columns")) {
    WINNOW_TRY(const auto yaml, Yaml::read(arguments.text("columns")));
    WINNOW_TRY(mapping, learn::ColumnMapping::compile(yaml));
  }
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  auto& registry = workspace->registry();
  const auto domain = domain_of(arguments);
  WINNOW_TRY(const auto features, read_feature_set(*workspace, domain));
  WINNOW_TRY(const auto context, run_context(arguments, *workspace));
  WINNOW_TRY(const auto feature_set,
             registry.add({ArtifactKind::FeatureSet, std::string(name_of(domain)),
                           features.canonical(), "application/json"},
                          context.actor));
  WINNOW_TRY(const auto run, learn::import_model(registry, bytes, format, mapping, domain, features,
                                                 feature_set.ref(), context));
  console.document("models.import", Json::object({{"run", to_json(run)}}));
  const auto& model = run.outputs.front();
  console.line(fmt::format("imported a{} {} as model {} (run {})",
                           run.parameters["model"].as_string().starts_with('i') ? "n" : "",
                           what_it_imported(run), model.digest.short_hex(), run.id.text()));
  const auto& columns = run.parameters["columns"].members();
  const auto missing = std::ranges::count_if(columns, [](const auto& column) {
    return column.second.as_string() == learn::ColumnMapping::kMissing;
  });
  if (missing > 0) {
    console.note(
        fmt::format("{} columns take no feature: they are missing in every mail", missing));
  }
  console.note(
      model.name == learn::kNoveltyName
          ? "it tells how novel a row is, which is not how malicious: no bundle decides "
            "with it"
          : fmt::format(
                "next: winnow bundles build --domain {}, then winnow evaluate: labelled events "
                "tell whether its columns mean here what they meant where it was trained",
                name_of(domain)));
  return 0;
}

// The lines of `models show` after the first, as name and value.
using Facts = std::vector<std::pair<std::string_view, std::string>>;

std::string depth_text(const std::vector<Tree>& trees) {
  std::uint32_t deepest = 0;
  std::size_t nodes = 0;
  for (const auto& tree : trees) {
    deepest = std::max(deepest, depth_of(tree));
    nodes += tree.nodes.size();
  }
  return fmt::format("{}, up to {} levels deep, {} nodes", trees.size(), deepest, nodes);
}

Result<Facts> facts_of_classifier(std::string_view bytes) {
  WINNOW_TRY(const auto model, Classifier::from_bytes(bytes));
  Facts facts = {{"decides", "classifier: the probability that an event is malicious"},
                 {"features", fmt::format("{}", model.features().size())}};
  if (!model.forest().trees.empty()) facts.emplace_back("trees", depth_text(model.forest().trees));
  if (model.linear())
    facts.emplace_back("linear",
                       fmt::format("{} terms over columns", model.linear()->terms.size()));
  if (model.text())
    facts.emplace_back("text", fmt::format("{} weights, in the column '{}'", model.text()->size(),
                                           model.features()[*model.text_column()]));
  const auto& calibrator = model.calibrator();
  facts.emplace_back("calibrated", calibrator.is_piecewise()
                                       ? fmt::format("by straight lines between {} knots",
                                                     calibrator.knots().size())
                                       : fmt::format("logistic, slope {:.4g}, offset {:.4g}",
                                                     calibrator.slope(), calibrator.offset()));
  return facts;
}

Result<Facts> facts_of_isolation_forest(std::string_view bytes) {
  WINNOW_TRY(const auto model, IsolationForest::from_bytes(bytes));
  std::size_t nodes = 0;
  for (const auto& tree : model.trees().trees) nodes += tree.size();
  return Facts{{"tells", "isolation forest: how novel a row is, from 0 to 1, ordinary below 0.5"},
               {"features", fmt::format("{}", model.features().size())},
               {"trees", fmt::format("{}, {} nodes", model.trees().trees.size(), nodes)},
               {"usual path", fmt::format("{:.4g} splits", model.trees().usual_path)}};
}

Result<Facts> facts_of_novelty_model(std::string_view bytes) {
  WINNOW_TRY(const auto model, NoveltyModel::from_bytes(bytes));
  const auto& trees = model.forest().trees().trees;
  return Facts{{"tells", "novelty: the share of ordinary events that are less novel than one"},
               {"features", fmt::format("{}", model.features().size())},
               {"trees", fmt::format("{}", trees.size())},
               {"ordinary", fmt::format("{} events to compare with", model.ordinary().size())}};
}

Result<Facts> facts_of(const Artifact& artifact, std::string_view bytes) {
  if (artifact.kind == ArtifactKind::NoveltyModel) return facts_of_novelty_model(bytes);
  if (artifact.name == learn::kNoveltyName) return facts_of_isolation_forest(bytes);
  return facts_of_classifier(bytes);
}

void add_lineage(const Run& run, Facts& facts) {
  facts.emplace_back("made by", fmt::format("{} ({}) by {}", run.id.text(), run.kind, run.actor));
  for (const std::string_view name : {"format", "objective", "file_sha256"}) {
    if (const auto& value = run.parameters[name]; value.is_string())
      facts.emplace_back(name, value.as_string());
  }
}

Result<int> show(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  auto& registry = workspace->registry();
  WINNOW_TRY(const auto artifact, model_named(registry, arguments.text("model")));
  WINNOW_TRY(const auto bytes, registry.read(artifact.digest));
  WINNOW_TRY(auto facts, facts_of(artifact, bytes));
  Json json = Json::object({{"model", to_json(artifact)}});
  if (artifact.run) {
    WINNOW_TRY(const auto run, registry.run(artifact.run->text()));
    add_lineage(run, facts);
    json.set("run", to_json(run));
  }
  Json about = Json::object();
  for (const auto& [name, value] : facts) about.set(std::string(name), value);
  console.document("models.show", json.set("about", std::move(about)));
  console.line(fmt::format("{:<12} {}", "model", artifact.digest.hex()));
  for (const auto& [name, value] : facts)
    console.line(fmt::format("{:<12} {}", name, printable(value)));
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
       "Brings in a model that was trained elsewhere",
       "XGBoost (JSON, UBJSON, old binary), LightGBM (text), and ONNX, as skl2onnx and onnxmltools "
       "write it: tree ensembles, linear models, isolation forests, and pipelines of scalers and "
       "imputers before them. The file is data: it is checked, converted and never executed.\n\n"
       "Each of its columns takes a feature of content/features/DOMAIN.yaml: the one of its own "
       "name, "
       "or the one that --columns names. That file is YAML, a line a column:\n\n"
       "  num_urls: link_count       # winnow features list shows the features\n"
       "  vt_score: missing          # nothing here stands for it: missing in every row\n\n"
       "or a list of features in the order of the columns. A column that is computed in another "
       "way than any feature gets a feature of its own: docs/features.md tells how to declare one.",
       "winnow models import phishing.json --columns columns.yaml",
       {{Kind::Positional, "file", "the model file", "", true},
        {Kind::Text,
         "kind",
         "whose file it is; by default, as it begins",
         "",
         false,
         {"xgboost", "lightgbm", "onnx"}},
        {Kind::Text, "columns", "file that says which feature each column takes"},
        domain_option(),
        actor_option(),
        workspace_option()},
       import},
      {"models show",
       "Shows what a model is and where it came from",
       "",
       "winnow models show latest",
       {{Kind::Positional, "model", "its digest, a unique prefix of it, or latest", "", true},
        workspace_option()},
       show},
  };
}

}  // namespace winnow::cli
