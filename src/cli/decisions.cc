#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/decision_text.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "ingest/event_log.h"
#include "pipeline/attack_techniques.h"
#include "pipeline/bundle_loader.h"
#include "pipeline/decision_json.h"
#include "pipeline/decision_store.h"
#include "pipeline/explanation.h"

namespace winnow::cli {
namespace {

Result<DecisionFilter> filter_of(const Arguments& arguments) {
  DecisionFilter filter;
  if (arguments.has("route")) {
    WINNOW_TRY(filter.route, route_named(arguments.text("route")));
  }
  if (arguments.has("since")) {
    WINNOW_TRY(filter.since, Timestamp::parse(arguments.text("since")));
  }
  if (arguments.has("until")) {
    WINNOW_TRY(filter.until, Timestamp::parse(arguments.text("until")));
  }
  filter.sender = arguments.text("sender");
  filter.limit = static_cast<std::uint64_t>(std::max<std::int64_t>(arguments.integer("limit"), 0));
  if (arguments.flag("newest")) filter.order = DecisionFilter::Order::NewestFirst;
  return filter;
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto filter, filter_of(arguments));
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  std::vector<DecisionRecord> records;
  auto store = DecisionStore::open(workspace->database_file(), Access::ReadOnly);
  if (store) {
    WINNOW_TRY(records, store->list(filter));
  } else if (store.error().code() != Code::NotFound) {
    return store.error();
  }
  Json all = Json::array();
  for (const auto& record : records) all.push(decision_json(record, MailContent::Shown));
  console.document("decisions.list", Json::object({{"decisions", std::move(all)}}));
  print_queue(console, records, arguments.flag("reasons") ? Reasons::Show : Reasons::LeaveOut);
  return 0;
}

Result<DecisionRecord> record_named(DecisionStore& store, std::string_view text) {
  if (text != "latest") return store.get(text);
  DecisionFilter filter;
  filter.order = DecisionFilter::Order::NewestFirst;
  filter.limit = 1;
  WINNOW_TRY(auto records, store.list(filter));
  if (records.empty()) {
    return Error(Code::NotFound, "there are no decisions yet")
        .with_hint("winnow score mail FILE makes some");
  }
  return std::move(records.front());
}

void print_head(Console& console, const DecisionRecord& record) {
  const auto& decision = record.decision;
  console.line(
      fmt::format("decision   {}  decided {}", decision.id_text(), record.decided_at.text()));
  console.line(fmt::format("what       {}", printable(record.subject)));
  console.line(
      fmt::format("from       {}, {}", printable(record.sender), decision.event_time.text()));
  console.line(fmt::format("route      {}  at {} by the {}",
                           console.tinted(name_of(decision.route), tone_of(decision.route)),
                           percent(decision.probability), name_of(decision.stage)));
  if (!decision.stage_says.empty())
    console.line(fmt::format("because    {}", printable(decision.stage_says)));
  if (!std::isnan(decision.novelty)) {
    console.line(
        fmt::format("novelty    more than {:.2f} % of ordinary events", 100 * decision.novelty));
  }
  std::string_view label = "ATT&CK";
  for (const auto& technique : decision.techniques)
    console.line(fmt::format("{:<10} {}", std::exchange(label, ""), technique_text(technique)));
}

void print_reasons(Console& console, std::span<const Reason> reasons) {
  Table table({{"weight", true}, {"reason"}, {"feature"}});
  for (const auto& reason : reasons) {
    const std::string_view unweighed = reason.feature == "novelty" ? "novel" : "rule";
    table.add({reason.weight == 0 ? std::string(unweighed) : fmt::format("{:+.2f}", reason.weight),
               reason.text, reason.feature});
  }
  if (!table.empty()) table.print(console);
}

// A rule that applied, or lacked little, with what the event had for each condition.
void print_rule(Console& console, const RuleReading& rule, bool applied) {
  console.line();
  console.line(fmt::format("{} '{}', to {}: {}", applied ? "rule" : "nearly applied: rule",
                           rule.name, name_of(rule.route), printable(rule.says)));
  Table table({{"condition"}, {"found", true}, {"holds"}});
  for (const auto& condition : rule.when)
    table.add({condition.text, condition.found, condition.holds ? "yes" : "no"});
  table.print(console);
}

void print_explanation(Console& console, const Explanation& explanation, const Decision& decision) {
  std::string_view label = "how";
  for (const auto& sentence : explanation.says)
    console.line(fmt::format("{:<10} {}", std::exchange(label, ""), printable(sentence)));
  console.line();
  print_reasons(console, decision.reasons);
  const bool tells_model = std::ranges::any_of(
      decision.reasons, [](const Reason& reason) { return reason.weight != 0; });
  if (!tells_model && !explanation.model_saw.empty()) {
    if (!decision.reasons.empty()) console.line();
    console.line("what the model saw (above 0: towards malicious)");
    print_reasons(console, explanation.model_saw);
  }
  for (const auto& rule : explanation.rules) print_rule(console, rule, explanation.rule_applied);
}

// From the decision back to code and data: the bundle's artifacts and the runs that made them.
Status print_lineage(Console& console, Registry& registry, const Decision& decision) {
  WINNOW_TRY(const auto listed, registry.bundle(bundle_id_of(decision.bundle).text()));
  console.line(fmt::format("bundle     {}", listed.id.text()));
  for (const auto& ref : listed.bundle.artifacts) {
    WINNOW_TRY(const auto artifact, registry.artifact(ref.digest));
    console.line(fmt::format("  {:<14} {}  {}", name_of(ref.kind), ref.digest.short_hex(),
                             artifact.run ? "made by " + artifact.run->text() : "from content/"));
  }
  console.line(fmt::format("event      {}", decision.event.hex()));
  return {};
}

Json number_or_null(float value) {
  return std::isnan(value) ? Json() : Json(static_cast<double>(value));
}

// With the text model's log-odds: together what POST /v1/score takes as a row.
Json features_json(const Pipeline& pipeline, const Decision& decision) {
  const auto& features = pipeline.features();
  Json values = Json::object();
  for (std::size_t i = 0; i < features.features().size() && i < decision.features.size(); ++i) {
    values.set(features.features()[i].name, number_or_null(decision.features[i]));
  }
  if (!pipeline.text_feature().empty())
    values.set(std::string(pipeline.text_feature()), number_or_null(decision.text_log_odds));
  return values;
}

void print_features(Console& console, const FeatureSet& features, const Decision& decision) {
  Table table({{"feature"}, {"value", true}, {"unit"}, {"meaning"}});
  for (std::size_t i = 0; i < features.features().size() && i < decision.features.size(); ++i) {
    const auto& feature = features.features()[i];
    const float value = decision.features[i];
    table.add({feature.name, std::isnan(value) ? "missing" : fmt::format("{:.4g}", value),
               feature.unit, feature.meaning});
  }
  table.print(console);
}

// What a decision was about.
struct About {
  std::optional<ocsf::Event> event;  // none once it is removed, or the bundle cannot read it again
  std::optional<Removal> removed;
};

Result<About> about(const Workspace& workspace, const BundleRuntime& runtime,
                    const Decision& decision) {
  WINNOW_TRY(const auto events, EventLog::open(events_folder(workspace), Access::ReadOnly));
  WINNOW_TRY(const auto stored, events.look_up(decision.event));
  if (!stored) return About();
  if (stored->removed) return About{std::nullopt, stored->removed};
  // A damaged record takes nothing from what the decision itself knows.
  const auto raw = events.read_raw(*stored);
  if (!raw) return About();
  auto event = StoredEventReader(runtime.mapping).read(*stored, *raw);
  return event ? About{std::move(*event), std::nullopt} : About();
}

Json removal_json(const std::optional<Removal>& removed) {
  if (!removed) return Json();
  return Json::object({{"at", removed->at.text()}, {"rule", removed->rule}});
}

Result<int> explain(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  auto& registry = workspace->registry();
  WINNOW_TRY(auto store, DecisionStore::open(workspace->database_file(), Access::ReadOnly));
  WINNOW_TRY(const auto record, record_named(store, arguments.text("decision")));
  WINNOW_TRY(const auto listed, registry.bundle(bundle_id_of(record.decision.bundle).text()));
  WINNOW_TRY(const auto runtime, load_bundle(registry, listed));
  const auto& features = runtime->pipeline.features();
  print_head(console, record);
  WINNOW_TRY(const auto what, about(*workspace, *runtime, record.decision));
  if (what.removed)
    console.line(fmt::format("gone       the mail was {}", printable(what.removed->text())));
  WINNOW_TRY(const auto explanation, winnow::explain(runtime->pipeline, record.decision,
                                                     what.event ? &*what.event : nullptr));
  console.document("decisions.explain",
                   Json::object({{"decision", decision_json(record, MailContent::Shown)},
                                 {"mail_removed", removal_json(what.removed)},
                                 {"explanation", explanation_json(explanation, MailContent::Shown)},
                                 {"features", features_json(runtime->pipeline, record.decision)}}));
  print_explanation(console, explanation, record.decision);
  console.line();
  if (arguments.flag("features")) {
    print_features(console, features, record.decision);
    console.line();
  }
  WINNOW_TRY(print_lineage(console, registry, record.decision));
  return 0;
}

// Decides again what was decided, from the raw bytes and the bundle, and compares bit for bit.
class Replayer {
 public:
  Replayer(Registry& registry, const EventLog& events) : registry_(&registry), events_(&events) {}

  // Why and when its mail went, where it did: then nothing can be decided again.
  Result<std::optional<Removal>> removal_of(const Decision& stored) const {
    WINNOW_TRY(const auto event_record, events_->find(stored.event.hex()));
    return event_record.removed;
  }
  // The differences, in words; none is what is wanted.
  Result<std::vector<std::string>> replay(const Decision& stored) {
    WINNOW_TRY(const auto runtime, runtime_of(stored.bundle));
    WINNOW_TRY(const auto event_record, events_->find(stored.event.hex()));
    WINNOW_TRY(const auto raw, events_->read_raw(event_record));
    WINNOW_TRY(const auto event, StoredEventReader(runtime->mapping).read(event_record, raw));
    WINNOW_TRY(const auto replayed, runtime->pipeline.replay(event, stored));
    return differences(stored, replayed);
  }

 private:
  Result<std::shared_ptr<const BundleRuntime>> runtime_of(const Digest& bundle) {
    if (const auto known = runtimes_.find(bundle); known != runtimes_.end()) return known->second;
    WINNOW_TRY(const auto listed, registry_->bundle(bundle_id_of(bundle).text()));
    WINNOW_TRY(auto runtime, load_bundle(*registry_, listed));
    return runtimes_.emplace(bundle, std::move(runtime)).first->second;
  }
  Registry* registry_;
  const EventLog* events_;
  std::map<Digest, std::shared_ptr<const BundleRuntime>> runtimes_;
};

Result<int> replay(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(auto store, DecisionStore::open(workspace->database_file(), Access::ReadOnly));
  WINNOW_TRY(const auto events, EventLog::open(workspace->data() / "events", Access::ReadOnly));
  std::vector<DecisionRecord> records;
  if (arguments.has("decision")) {
    WINNOW_TRY(records.emplace_back(), record_named(store, arguments.text("decision")));
  } else {
    WINNOW_TRY(auto filter, filter_of(arguments));
    filter.order = DecisionFilter::Order::NewestFirst;
    WINNOW_TRY(records, store.list(filter));
  }
  Replayer replayer(workspace->registry(), events);
  std::uint64_t equal = 0, removed = 0;
  Json differing = Json::array();
  console.progress().stage("replaying decisions", records.size());
  for (const auto& record : records) {
    const auto id = record.decision.id_text();
    WINNOW_TRY(const auto removal, replayer.removal_of(record.decision));
    if (removal) {
      ++removed;
      console.line(fmt::format("{}  its mail was {}", id, removal->text()));
      console.progress().advance(1);
      continue;
    }
    auto found = replayer.replay(record.decision);
    if (!found) return found.error().with_context(fmt::format("replaying {}", id));
    console.progress().advance(1);
    if (found->empty()) {
      ++equal;
      continue;
    }
    Json texts = Json::array();
    for (const auto& text : *found) {
      texts.push(text);
      console.line(fmt::format("{}  {}", console.tinted(id, Console::Tone::Bad), printable(text)));
    }
    differing.push(Json::object({{"id", id}, {"differences", std::move(texts)}}));
  }
  const auto replayed = records.size() - removed;
  const bool all_equal = equal == replayed;
  console.document("decisions.replay", Json::object({{"replayed", replayed},
                                                     {"removed", removed},
                                                     {"equal", equal},
                                                     {"differing", std::move(differing)}}));
  console.line(fmt::format("{} of {} decisions replayed bit for bit", human_count(equal),
                           human_count(replayed)));
  if (removed > 0) {
    console.line(fmt::format("{} cannot be replayed: their mails were removed by retention",
                             human_count(removed)));
  }
  return all_equal ? 0 : kAnswerIsNo;
}

}  // namespace

std::vector<Command> decisions_commands() {
  using Kind = Option::Kind;
  const Option limit{Kind::Integer, "limit", "at most so many", "20"};
  const Option route{Kind::Text, "route", "only this route",
                     "",         false,   {"close", "queue", "escalate", "playbook"}};
  const Option since{Kind::Text, "since", "decided at or after this time (RFC 3339)"};
  const Option until{Kind::Text, "until", "decided before this time"};
  const Option sender{Kind::Text, "sender", "only this mailbox or domain"};
  return {
      {"decisions list",
       "Lists decisions, most urgent first",
       "",
       "winnow decisions list --route escalate --reasons",
       {route,
        since,
        until,
        sender,
        {Kind::Flag, "newest", "newest first instead"},
        {Kind::Flag, "reasons", "with the strongest reasons"},
        limit,
        workspace_option()},
       list},
      {"decisions explain",
       "Shows why one mail or event was routed as it was, and from what code and data",
       "Which stage decided and why it, by which rule, how far from the policy's thresholds; "
       "reasons "
       "with their weight in log-odds, of closed ones what the model saw; the bundle and the runs "
       "behind it.",
       "winnow decisions explain latest --features",
       {{Kind::Positional, "decision", "its id, a unique prefix of it, or latest", "", true},
        {Kind::Flag, "features", "every feature's value"},
        workspace_option()},
       explain},
      {"decisions replay",
       "Decides again what was decided and compares bit for bit",
       "From the raw bytes, the recorded entity states and the bundle alone. Without an id it "
       "replays the newest LIMIT decisions that the "
       "other options choose. Exit code 3 when anything differs; each difference is named.",
       "winnow decisions replay latest",
       {{Kind::Positional, "decision", "its id, a unique prefix of it, or latest"},
        route,
        since,
        until,
        sender,
        limit,
        workspace_option()},
       replay},
  };
}

}  // namespace winnow::cli
