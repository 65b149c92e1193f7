#include <algorithm>

#include <fmt/format.h>

#include "base/json.h"
#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "learn/bundle_evaluation.h"
#include "learn/novelty_training.h"
#include "learn/training_run.h"

namespace winnow::cli {
namespace {

// Puts today's content into the registry, where runs can name it.
Result<learn::TrainingMaterial> add_content(const Arguments& arguments, Workspace& workspace,
                                            const std::string& actor) {
  auto& registry = workspace.registry();
  learn::TrainingMaterial material;
  material.domain = domain_of(arguments);
  WINNOW_TRY(material.mappings, add_mappings(workspace, material.domain, actor));
  WINNOW_TRY(const auto features, read_feature_set(workspace, material.domain));
  WINNOW_TRY(const auto feature_artifact,
             registry.add({ArtifactKind::FeatureSet, std::string(name_of(material.domain)),
                           features.canonical(), "application/json"},
                          actor));
  material.feature_set = feature_artifact.ref();
  if (arguments.text("intel") == "none") return material;
  const auto& wanted = arguments.text("intel");
  const auto snapshot =
      registry.artifact(ArtifactKind::IntelSnapshot, wanted == "latest" ? "mail" : wanted);
  if (snapshot) {
    material.intel = snapshot->ref();
  } else if (wanted != "latest" || snapshot.error().code() != Code::NotFound) {
    return snapshot.error();
  }
  return material;
}

// What content/training/DOMAIN.yaml says, as `read` understands it.
template <typename Read>
auto read_training(const Arguments& arguments, const Workspace& workspace, const Read& read)
    -> decltype(read(Json())) {
  const auto file =
      workspace.content() / "training" / fmt::format("{}.yaml", name_of(domain_of(arguments)));
  WINNOW_TRY(const auto yaml, Yaml::read(file.string()));
  auto found = read(yaml.json());
  if (!found) return found.error().with_context(fmt::format("reading '{}'", file.string()));
  return found;
}

Status take_options(const Arguments& arguments, std::uint64_t& seed, EventFilter& events) {
  if (arguments.has("seed")) seed = static_cast<std::uint64_t>(arguments.integer("seed"));
  if (arguments.has("before")) {
    WINNOW_TRY(events.before, Timestamp::parse(arguments.text("before")));
  }
  return {};
}

Result<learn::TrainingRequest> request_of(const Arguments& arguments, const Workspace& workspace) {
  WINNOW_TRY(auto request, read_training(arguments, workspace, learn::TrainingRequest::from_json));
  WINNOW_TRY(take_options(arguments, request.plan.seed, request.events));
  return request;
}

Result<learn::NoveltyTraining> novelty_training_of(const Arguments& arguments,
                                                   const Workspace& workspace) {
  WINNOW_TRY(auto training,
             read_training(arguments, workspace, learn::NoveltyTraining::from_content));
  WINNOW_TRY(take_options(arguments, training.seed, training.events));
  return training;
}

// What arrives or is judged later is not part of the run, also when it is made again.
Status bound_by_now(EventFilter& filter, const EventLog& events) {
  WINNOW_TRY(filter.through_id, events.last_id());
  WINNOW_TRY(filter.through_label, events.last_label_id());
  return {};
}

Result<int> train_novelty(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto training, novelty_training_of(arguments, *workspace));
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  WINNOW_TRY(bound_by_now(training.events, events));
  WINNOW_TRY(const auto context, run_context(arguments, *workspace));
  WINNOW_TRY(const auto material, add_content(arguments, *workspace, context.actor));
  WINNOW_TRY(const auto outcome, learn::train_novelty(workspace->registry(), events, material,
                                                      training, context, console.progress()));
  console.document("train", Json::object({{"run", to_json(outcome.run)}}));
  console.end_progress();
  console.line(fmt::format("of {} events {} trained, and the {} after them say what is ordinary",
                           human_count(outcome.events), human_count(outcome.train_rows),
                           human_count(outcome.held_out_rows)));
  console.line(
      fmt::format("the most that it can tell of an event is a novelty of {:.5f}", outcome.most));
  console.line(fmt::format("run {} recorded and signed", outcome.run.id.text()));
  console.note(
      fmt::format("next: winnow bundles build --domain {}, then winnow deployments promote "
                  "latest; its policy says what becomes of what is novel",
                  arguments.text("domain")));
  return 0;
}

// What the thresholds of the policy, which decide, would have done to the tests; rules aside. The
// curve is thinned, so of its points the last one above a threshold stands for it.
Status print_policy(const Arguments& arguments, const Workspace& workspace,
                    const learn::EvaluationReport& report, Console& console) {
  WINNOW_TRY(const auto features, read_feature_set(workspace, domain_of(arguments)));
  WINNOW_TRY(const auto text, read_policy(workspace, domain_of(arguments), features));
  WINNOW_TRY(const auto policy, parse_json(text));
  const auto& load = report.capacity;
  for (const auto& route : policy["routes"].items()) {
    const double from = route["from"].as_double();
    const auto& curve = report.model.curve;
    const auto below =
        std::ranges::find_if(curve, [&](const auto& point) { return point.score < from; });
    if (from <= 0 || below == curve.begin()) continue;
    const auto& at = *std::prev(below);
    const double share = load.prevalence * at.recall + (1 - load.prevalence) * at.fpr;
    console.line(fmt::format(
        "the policy's '{}' from {}: in the tests recall {:.3f}, precision {:.3f}, false-positive "
        "rate {:.5f}; about {:.1f} of {:.0f} events a day",
        route["route"].as_string(), from, at.recall, at.precision, at.fpr,
        share * load.events_per_day, load.events_per_day));
  }
  return {};
}

Result<int> train(const Arguments& arguments, Console& console) {
  if (arguments.flag("novelty")) return train_novelty(arguments, console);
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto request, request_of(arguments, *workspace));
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  WINNOW_TRY(bound_by_now(request.events, events));
  WINNOW_TRY(const auto context, run_context(arguments, *workspace));
  WINNOW_TRY(const auto material, add_content(arguments, *workspace, context.actor));
  WINNOW_TRY(const auto outcome, learn::train(workspace->registry(), events, material, request,
                                              context, console.progress()));
  Json missing = Json::array();
  for (const auto& feature : outcome.always_missing) missing.push(feature);
  console.document("train", Json::object({{"run", to_json(outcome.run)},
                                          {"evaluation", outcome.report.json()},
                                          {"always_missing", std::move(missing)}}));
  console.end_progress();
  console.line(outcome.report.text());
  if (const auto told = print_policy(arguments, *workspace, outcome.report, console); !told) {
    console.note(told.error().text());
  }
  tell_always_missing(outcome.always_missing, console);
  const auto count = [&](std::string_view metric) {
    return human_count(static_cast<std::uint64_t>(outcome.run.metrics[metric].as_int()));
  };
  console.line(fmt::format("trained on {} of {} rows ({} malicious)", count("trained_rows"),
                           count("rows"), count("trained_malicious")));
  console.line(fmt::format("run {} recorded and signed", outcome.run.id.text()));
  console.note(
      fmt::format("next: winnow bundles build --domain {}, then winnow deployments promote latest",
                  arguments.text("domain")));
  return 0;
}

Result<int> evaluate(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  auto& registry = workspace->registry();
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  WINNOW_TRY(const auto bundle,
             bundle_named(registry, arguments.has("bundle") ? arguments.text("bundle") : "latest"));
  EventFilter filter;
  if (arguments.has("source")) filter.source = arguments.text("source");
  if (arguments.has("since")) {
    WINNOW_TRY(filter.from, Timestamp::parse(arguments.text("since")));
  }
  if (arguments.has("before")) {
    WINNOW_TRY(filter.before, Timestamp::parse(arguments.text("before")));
  }
  WINNOW_TRY(bound_by_now(filter, events));
  WINNOW_TRY(const auto context, run_context(arguments, *workspace));
  WINNOW_TRY(const auto found,
             learn::evaluate_bundle(registry, events, bundle, filter, context, console.progress()));
  console.document("evaluate",
                   Json::object({{"run", to_json(found.run)}, {"evaluation", found.json()}}));
  console.end_progress();
  const auto& figures = found.figures;
  if (found.seen_in_training > 0) {
    console.line(
        console.tinted("warning  ", Console::Tone::Warning) +
        fmt::format("the model was trained on {} of these {} events: the numbers flatter it",
                    human_count(found.seen_in_training), human_count(figures.rows)));
  }
  Table table({{"figure"}, {"value (95 % interval)"}});
  table.add({"events", fmt::format("{}, {} of them malicious", human_count(figures.rows),
                                   human_count(figures.malicious))});
  table.add({"average precision", learn::text_of(figures.average_precision)});
  table.add({"recall at 1 % false positives", learn::text_of(figures.recall_at_fpr_1_percent)});
  table.add({"recall at 0.1 % false positives", learn::text_of(figures.recall_at_fpr_0_1_percent)});
  table.add({"Brier score", fmt::format("{:.4f}", figures.brier)});
  table.add({"calibration error", fmt::format("{:.4f}", figures.calibration_error)});
  table.print(console);
  console.line(fmt::format("run {} recorded and signed", found.run.id.text()));
  return 0;
}

}  // namespace

std::vector<Command> train_commands() {
  using Kind = Option::Kind;
  return {
      {"train",
       "Trains a model of a domain on the labelled events of the workspace",
       "Replays history through the features, runs the leak probes, validates in time order, "
       "trains on everything, calibrates, and records a "
       "signed run with data set, model and evaluation. content/training/DOMAIN.yaml shapes it.\n\n"
       "With --novelty an isolation forest learns, without labels, what is ordinary here: it tells "
       "how unlike the past an event is, and the policy what becomes of it.",
       "winnow train mail",
       {domain_positional(),
        {Kind::Integer, "seed", "instead of the plan's"},
        {Kind::Text, "before", "train only on what is from before this time (RFC 3339)"},
        {Kind::Flag, "novelty", "learn what is ordinary instead, without labels"},
        {Kind::Text, "intel", "intel snapshot: latest, none, or a digest", "latest"},
        threads_option(),
        actor_option(),
        workspace_option()},
       train},
      {"evaluate",
       "Measures how a bundle does on labelled events",
       "Events that the model was trained on are counted, and that is said. The result is a signed "
       "run.",
       "winnow evaluate --bundle latest",
       {{Kind::Text, "bundle", "its id, a unique prefix of it, or latest (default: latest)"},
        {Kind::Text, "source", "only events of this source"},
        {Kind::Text, "since", "only events from this time on"},
        {Kind::Text, "before", "only events from before this time"},
        threads_option(),
        actor_option(),
        workspace_option()},
       evaluate},
  };
}

}  // namespace winnow::cli
