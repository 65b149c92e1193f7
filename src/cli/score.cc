#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

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
  WINNOW_TRY(const auto champion, deployments.champion(arguments.text("domain")));
  return registry.bundle(champion.champion.text());
}

// Stores the records and returns the digests of those that could be used, in their order, each
// once.
Result<std::vector<Digest>> take_in(const Arguments& arguments, const Workspace& workspace,
                                    const BundleRuntime& bundle, EventLog& events,
                                    Quarantine& quarantine, Console& console) {
  std::vector<Digest> wanted;
  IngestOptions options;
  options.source = arguments.text("source");
  WINNOW_TRY(options.limits, read_limits(arguments, workspace.folder()));
  options.on_usable = [&](const Digest& digest) { wanted.push_back(digest); };
  const std::vector<Path> inputs(arguments.texts("input").begin(), arguments.texts("input").end());
  const auto& mapping = bundle.mapping;
  const auto read = [&]() -> Result<IngestReport> {
    if (mapping.domain() == Domain::Mail) {
      return ingest_mail(inputs, mapping.mail(), events, quarantine, options, system_clock(),
                         console.progress());
    }
    LogMappings logs({mapping.logs().begin(), mapping.logs().end()});
    return ingest_logs(inputs, logs, events, quarantine, options, system_clock(),
                       console.progress());
  };
  WINNOW_TRY(const auto report, read());
  if (report.unusable > 0) {
    console.note(fmt::format("{} records could not be used; winnow quarantine list shows why",
                             human_count(report.unusable)));
  }
  if (report.ended_by) return *report.ended_by;
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  return wanted;
}

// What was decided, as far as it is shown: how many of each route, and the most urgent.
class Ranking {
 public:
  explicit Ranking(std::size_t shown) : shown_(shown) {}

  void add(DecisionRecord record) {
    ++counts_[static_cast<std::size_t>(record.decision.route)];
    if (shown_ == 0) return;
    most_urgent_.push_back(std::move(record));
    if (most_urgent_.size() / 2 >= shown_) cut();
  }
  std::span<const DecisionRecord> most_urgent() {
    cut();
    return most_urgent_;
  }
  std::size_t count() const { return std::accumulate(counts_.begin(), counts_.end(), 0UL); }
  // "3 escalate, 12 queue, 480 close"
  std::string counts() const {
    std::string text;
    for (const auto route : {Route::Escalate, Route::Playbook, Route::Queue, Route::Close}) {
      const auto count = counts_[static_cast<std::size_t>(route)];
      if (count == 0) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", human_count(count), name_of(route));
    }
    return text;
  }

 private:
  static auto place(const DecisionRecord& record) {
    constexpr std::array kByRoute = {3, 2, 0, 1};  // close, queue, escalate, playbook
    const auto& decision = record.decision;
    const double unlikely = std::isnan(decision.probability) ? 2 : -decision.probability;
    return std::tuple(kByRoute[static_cast<std::size_t>(decision.route)], unlikely, decision.event);
  }
  void cut() {
    std::sort(most_urgent_.begin(), most_urgent_.end(),
              [](const auto& a, const auto& b) { return place(a) < place(b); });
    if (most_urgent_.size() > shown_) most_urgent_.resize(shown_);
  }

  std::size_t shown_;
  std::array<std::size_t, 4> counts_{};
  std::vector<DecisionRecord> most_urgent_;
};

Result<int> score(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto listed, deciding_bundle(arguments, *workspace));
  WINNOW_TRY(const auto bundle, load_bundle(workspace->registry(), listed));
  WINNOW_TRY(auto events, EventLog::open(events_folder(*workspace), Access::ReadWrite));
  WINNOW_TRY(auto quarantine, Quarantine::open(quarantine_file(*workspace), Access::ReadWrite));
  WINNOW_TRY(ServingStates::move_in(states_folder(*workspace)));
  const auto folder = ServingStates::folder_of(states_folder(*workspace), bundle->mapping.domain());
  WINNOW_TRY(auto states,
             ServingStates::open(folder, bundle->pipeline.features().history_digest()));
  WINNOW_TRY(auto decisions, DecisionStore::open(workspace->database_file(), Access::ReadWrite));
  WINNOW_TRY(const auto wanted,
             take_in(arguments, *workspace, *bundle, events, quarantine, console));
  Decider decider(bundle, events, states, decisions, system_clock());
  const auto limit =
      static_cast<std::size_t>(std::max<std::int64_t>(arguments.integer("limit"), 0));
  Ranking ranking(console.wants_json() ? SIZE_MAX : limit);
  WINNOW_TRY(decider.decide_each(wanted, console.progress(),
                                 [&](DecisionRecord record) { ranking.add(std::move(record)); }));
  WINNOW_TRY(states.checkpoint());
  console.end_progress();
  Json all = Json::array();
  if (console.wants_json()) {
    for (const auto& record : ranking.most_urgent())
      all.push(decision_json(record, MailContent::Shown));
  }
  console.document("score",
                   Json::object({{"bundle", listed.id.text()}, {"decisions", std::move(all)}}));
  const auto shown = ranking.most_urgent().first(std::min(limit, ranking.count()));
  print_queue(console, shown, Reasons::Show);
  if (shown.size() < ranking.count()) {
    console.line(fmt::format("... {} more; --limit shows them",
                             human_count(ranking.count() - shown.size())));
  }
  console.line(fmt::format("{} decisions: {}", human_count(ranking.count()), ranking.counts()));
  console.note(
      "winnow decisions explain ID shows everything about one; winnow decisions replay proves it");
  return 0;
}

}  // namespace

std::vector<Command> score_commands() {
  using Kind = Option::Kind;
  return {{"score",
           "Decides on mail or logs and prints a ranked queue with reasons",
           "The champion of the domain decides (winnow deployments show), or a bundle on trial "
           "(--bundle). What is read is stored first, so each decision can be replayed. "
           "What was decided before keeps its decision.",
           "winnow score mail suspicious.eml",
           {domain_positional(),
            {Kind::Positionals, "input", "files or folders, or - for standard input", "", true},
            {Kind::Text, "bundle", "decide with this bundle instead of the champion"},
            {Kind::Text, "source", "who supplied it (default: the input's name)"},
            {Kind::Integer, "limit", "show at most so many", "20"},
            workspace_option()},
           score}};
}

}  // namespace winnow::cli
