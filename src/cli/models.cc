#include <fmt/format.h>

#include "base/utf8.h"
#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "learn/model_import.h"

namespace winnow::cli {
namespace {

constexpr std::uint64_t kMaxModelBytes = 512UL << 20;
constexpr std::uint64_t kMaxNamesBytes = 1UL << 20;

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

// One name a line; blank lines and lines that begin with '#' do not count.
std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto line = trim_ascii(text.substr(from, end - from));
    if (!line.empty() && line.front() != '#') lines.emplace_back(line);
    from = end + 1;
  }
  return lines;
}

Result<int> import(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto bytes, read_file(arguments.text("file"), kMaxModelBytes));
  std::vector<std::string> names;
  if (arguments.has("features")) {
    WINNOW_TRY(const auto text, read_file(arguments.text("features"), kMaxNamesBytes));
    names = lines_of(text);
  }
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  auto& registry = workspace->registry();
  WINNOW_TRY(const auto features, read_feature_set(*workspace));
  const auto actor = actor_of(arguments);
  WINNOW_TRY(const auto feature_set, registry.add({ArtifactKind::FeatureSet, "mail",
                                                   features.canonical(), "application/json"},
                                                  actor));
  learn::RunContext context;
  context.actor = actor;
  WINNOW_TRY(context.build_id, build_id());
  WINNOW_TRY(context.code, workspace->code());
  WINNOW_TRY(const auto run,
             learn::import_model(registry, bytes, names, features, feature_set.ref(), context));
  console.document("models.import", Json::object({{"run", to_json(run)}}));
  console.line(fmt::format("imported {} trees over {} features as model {} (run {})",
                           run.metrics["trees"].as_int(), run.metrics["features"].as_int(),
                           run.outputs.front().digest.short_hex(), run.id.text()));
  console.note("next: winnow bundles build, then winnow evaluate to see how it does here");
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
       "converted and never executed. Its columns must be "
       "features of content/features/mail.yaml, named in the file or, one a line, in --features.",
       "winnow models import phishing.ubj --features columns.txt",
       {{Kind::Positional, "file", "the model file", "", true},
        {Kind::Text, "features", "file with the feature of each column, one a line"},
        actor_option(),
        workspace_option()},
       import},
  };
}

}  // namespace winnow::cli
