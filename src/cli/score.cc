#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/decision_text.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "ingest/ingest.h"
#include "pipeline/decider.h"
#include "pipeline/decision_json.h"
#include "rollout/deployments.h"

namespace winnow::cli {
namespace {

// The champion's runtime, or that of --bundle for a trial.
Result<ListedBundle> deciding_bundle(const Arguments& arguments, Workspace& workspace) {
  auto& registry = workspace.registry();
  if (arguments.has("bundle")) return bundle_named(registry, arguments.text("bundle"));
  WINNOW_TRY(auto deployments,
             Deployments::open(registry, workspace.database_file(), Access::ReadWrite));
  WINNOW_TRY(const auto champion, deployments.champion("mail"));
  return registry.bundle(champion.champion.text());
}

// Stores the mails and returns the digests of those that could be used, in their order, each once.
Result<std::vector<Digest>> take_in(const Arguments& arguments, const Workspace& workspace,
                                    const BundleRuntime& bundle, EventLog& events,
                                    Quarantine& quarantine, Console& console) {
  std::vector<Digest> wanted;
  IngestOptions options;
  options.source = arguments.text("source");
  WINNOW_TRY(options.limits, read_limits(arguments, workspace.folder()));
  options.on_usable = [&](const Digest& digest) { wanted.push_back(digest); };
  const std::vector<Path> inputs(arguments.texts("input").begin(), arguments.texts("input").end());
  WINNOW_TRY(const auto report, ingest_mail(inputs, bundle.mapping, events, quarantine, options,
                                            system_clock(), console.progress()));
  if (report.unusable > 0) {
    console.note(fmt::format("{} records could not be used; winnow quarantine list shows why",
                             human_count(report.unusable)));
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

void most_urgent_first(std::vector<DecisionRecord>& records) {
  const auto urgency = [](const DecisionRecord& record) {
    constexpr int kByRoute[] = {3, 2, 0, 1};  // close, queue, escalate, playbook
    return kByRoute[static_cast<int>(record.decision.route)];
  };
  std::stable_sort(records.begin(), records.end(),
                   [&](const DecisionRecord& a, const DecisionRecord& b) {
                     if (urgency(a) != urgency(b)) return urgency(a) < urgency(b);
                     return a.decision.probability > b.decision.probability;
                   });
}

void print_counts(Console& console, std::span<const DecisionRecord> records) {
  std::size_t counts[4] = {};
  for (const auto& record : records) ++counts[static_cast<int>(record.decision.route)];
  std::string text;
  for (const auto route : {Route::Escalate, Route::Playbook, Route::Queue, Route::Close}) {
    const auto count = counts[static_cast<int>(route)];
    if (count > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", human_count(count), name_of(route));
  }
  console.line(fmt::format("{} mails: {}", human_count(records.size()), text));
}

Result<int> score(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto listed, deciding_bundle(arguments, *workspace));
  WINNOW_TRY(const auto bundle, load_bundle(workspace->registry(), listed));
  WINNOW_TRY(auto events, EventLog::open(events_folder(*workspace), Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(quarantine_file(*workspace), Access::ReadWrite));
  WINNOW_TRY(auto states, ServingStates::open(states_folder(*workspace),
                                              bundle->pipeline.features().history_digest()));
  WINNOW_TRY(auto decisions, DecisionStore::open(workspace->database_file(), Access::ReadWrite));
  WINNOW_TRY(const auto wanted,
             take_in(arguments, *workspace, *bundle, events, quarantine, console));
  Decider decider(bundle, events, states, decisions, system_clock());
  WINNOW_TRY(auto records, decider.decide(wanted, console.progress()));
  console.end_progress();
  most_urgent_first(records);
  Json all = Json::array();
  if (console.wants_json()) {
    for (const auto& record : records) all.push(decision_json(record, MailContent::Shown));
  }
  console.document("score",
                   Json::object({{"bundle", listed.id.text()}, {"decisions", std::move(all)}}));
  const auto shown = std::min<std::size_t>(
      records.size(),
      static_cast<std::size_t>(std::max<std::int64_t>(arguments.integer("limit"), 0)));
  print_queue(console, std::span(records).first(shown), Reasons::Show);
  if (shown < records.size())
    console.line(
        fmt::format("... {} more; --limit shows them", human_count(records.size() - shown)));
  print_counts(console, records);
  console.note(
      "winnow decisions explain ID shows everything about one; winnow decisions replay proves it");
  return 0;
}

}  // namespace

std::vector<Command> score_commands() {
  using Kind = Option::Kind;
  return {{"score mail",
           "Decides on mail and prints a ranked queue with reasons",
           "The champion decides (winnow deployments show), or a bundle on trial (--bundle). Mail "
           "is stored first, so each decision can be replayed. "
           "A mail that was decided before keeps its decision.",
           "winnow score mail suspicious.eml",
           {{Kind::Positionals, "input", "files or folders, or - for standard input", "", true},
            {Kind::Text, "bundle", "decide with this bundle instead of the champion"},
            {Kind::Text, "source", "who supplied the mail (default: the input's name)"},
            {Kind::Integer, "limit", "show at most so many", "20"},
            workspace_option()},
           score}};
}

}  // namespace winnow::cli
