#include <algorithm>
#include <functional>
#include <ranges>

#include <fmt/format.h>

#include "base/file.h"
#include "cases/case_labels.h"
#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "labels/label_import.h"
#include "labels/waiting_labels.h"

namespace winnow::cli {
namespace {

constexpr std::size_t kShownLines = 5;
constexpr std::size_t kATime = 1000;

std::string_view mapping_of(const StoredEvent& event) {
  return event.mapping.empty() ? std::string_view("mail") : event.mapping;
}

// "labelled", "spam by ada" for what it was called.
std::string before_text(const StoredEvent& event) {
  if (event.label_id == 0) return "nothing";
  return fmt::format("{}, said by {}", name_of(event.label), printable(event.label_origin));
}

struct Log {
  EventLog events;
  bool is_ours = true;  // else another process writes it
};
Result<Log> open_log(const Workspace& workspace, bool is_dry) {
  if (is_dry) {
    WINNOW_TRY(auto events, EventLog::open(events_folder(workspace), Access::ReadOnly));
    return Log{std::move(events), false};
  }
  auto ours = EventLog::open(events_folder(workspace), Access::ReadWrite);
  if (ours) return Log{std::move(*ours), true};
  if (ours.error().code() != Code::Conflict) return ours.error();
  WINNOW_TRY(auto events, EventLog::open(events_folder(workspace), Access::ReadOnly));
  return Log{std::move(events), false};
}

Result<LabelSearchLimits> limits_of(const Arguments& arguments) {
  LabelSearchLimits limits;
  const auto most = arguments.integer("most");
  if (most < 1 || static_cast<std::uint64_t>(most) > limits.events)
    return Error(Code::InvalidArgument, fmt::format("--most is from 1 to {}", limits.events));
  limits.events_of_line = static_cast<std::uint64_t>(most);
  return limits;
}

// What an import does, or would do.
struct Outcome {
  std::uint64_t lines = 0;
  FoundLabels found;
  std::vector<LabelChange> changes;
  std::optional<LabelImport> recorded = {};  // nothing: a dry run, or nothing new
};

std::uint64_t corrections_in(const Outcome& outcome) {
  return static_cast<std::uint64_t>(std::ranges::count_if(outcome.changes, &LabelChange::corrects));
}

Json to_json(const Outcome& outcome) {
  Json without = Json::array();
  for (const auto* const line : outcome.found.without) without.push(line->line);
  const auto corrected = corrections_in(outcome);
  Json json = Json::object({{"lines", outcome.lines},
                            {"events", std::uint64_t{outcome.found.found.size()}},
                            {"labelled", outcome.changes.size() - corrected},
                            {"corrected", corrected},
                            {"unchanged", outcome.found.found.size() - outcome.changes.size()},
                            {"lines_without_events", std::move(without)},
                            {"unreadable", outcome.found.unreadable},
                            {"audit_entry", Json()},
                            {"list", Json()}});
  if (outcome.recorded) {
    json.set("audit_entry", outcome.recorded->entry);
    json.set("list", outcome.recorded->list.hex());
  }
  return json;
}

void print(const Outcome& outcome, Console& console) {
  const auto corrected = corrections_in(outcome);
  console.line(fmt::format("{} lines mean {} events", human_count(outcome.lines),
                           human_count(outcome.found.found.size())));
  const auto line = [&](std::string_view what, std::uint64_t count, std::string_view text) {
    if (count > 0) console.line(fmt::format("  {:<12}{}{}", what, human_count(count), text));
  };
  line("labelled", outcome.changes.size() - corrected, "");
  line("corrected", corrected, " were called something else before");
  line("unchanged", outcome.found.found.size() - outcome.changes.size(), " are called so already");
  line("without", outcome.found.without.size(), " lines mean no event that is kept");
  line("unreadable", outcome.found.unreadable,
       " events of these times, which no mapping reads any more");
  std::size_t shown = 0;
  for (const auto& [found, corrects] : outcome.changes) {
    if (!corrects) continue;
    console.note(fmt::format("line {}: {} is {} now, and was {}", found->line->line,
                             found->event.digest.short_hex(), name_of(found->label),
                             before_text(found->event)));
    if (++shown == kShownLines) break;
  }
  for (const auto* const missed :
       std::span(outcome.found.without).first(std::min(outcome.found.without.size(), kShownLines)))
    console.note(fmt::format("line {}: no such event", missed->line));
}

Result<int> import(const Arguments& arguments, Console& console) {
  const Path file = arguments.text("file");
  const auto name = file.filename().string();
  WINNOW_TRY(const auto limits, limits_of(arguments));
  WINNOW_TRY(const auto text, read_file(file, kLargestLabelList));
  WINNOW_TRY(const auto lines, read_label_list(text, name));
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto actor, actor_of(arguments, *workspace));
  WINNOW_TRY(const auto mail, read_mapping(*workspace));
  WINNOW_TRY(auto in_use, log_mappings_in_use(*workspace, console));
  LogMappings logs(std::move(in_use.mappings));
  const bool is_dry = arguments.flag("dry-run");
  WINNOW_TRY(auto log, open_log(*workspace, is_dry));
  WINNOW_TRY(auto people, cases::CaseLabels::open(workspace->database_file()));
  WINNOW_TRY(const auto said, people.waiting());  // before the log is asked, which may learn of it
  Outcome outcome{.lines = lines.size(), .found = {}, .changes = {}};
  WINNOW_TRY(outcome.found, find_labelled(log.events, mail.mapping, logs, lines, name, limits,
                                          console.progress()));
  outcome.changes = changes_of(outcome.found.found, said);
  if (!is_dry && !outcome.changes.empty()) {
    WINNOW_TRY(auto waiting, WaitingLabels::open(workspace->database_file()));
    WINNOW_TRY(outcome.recorded,
               record_labels(workspace->registry(), waiting, {text, name, outcome.lines},
                             outcome.changes, actor));
    if (log.is_ours) WINNOW_TRY(people.hand_over_all(log.events, system_clock()));
  }
  console.document("labels.import", to_json(outcome));
  console.end_progress();
  print(outcome, console);
  if (is_dry) console.note("a dry run: nothing was changed");
  if (!outcome.recorded) return 0;
  console.note(fmt::format("on record as audit entry {}; {}", outcome.recorded->entry,
                           log.is_ours ? "the next winnow train learns from it"
                                       : "winnow serve takes the labels over, within a second or "
                                         "so, and trainings from then on learn from them"));
  return 0;
}

Json to_json(const GivenLabel& label) {
  return Json::object({{"label", name_of(label.label)},
                       {"step", label.step.empty() ? Json() : Json(label.step)},
                       {"by", label.origin},
                       {"known_since", label.given.text()},
                       {"audit_entry", label.entry ? Json(*label.entry) : Json()}});
}

GivenLabel label_of(const StoredEvent& event) {
  return {.id = event.label_id,
          .label = event.label,
          .step = event.label_step,
          .origin = event.label_origin,
          .entry = event.label_entry,
          .given = event.label_given,
          .after = event.label_after};
}

std::string entry_text(const GivenLabel& label) {
  return label.entry ? std::to_string(*label.entry) : "with the record";
}

// The newest labels that pass, newest first.
Result<std::vector<StoredEvent>> newest(const EventLog& events, std::size_t limit,
                                        const std::function<bool(const StoredEvent&)>& passes) {
  std::vector<StoredEvent> listed;
  WINNOW_TRY(auto end, events.last_label_id());  // those behind it were looked at
  while (end > 0 && listed.size() < limit) {
    const auto begin = end - std::min<std::uint64_t>(end, kATime);
    WINNOW_TRY(auto some, events.labellings(begin, static_cast<std::size_t>(end - begin)));
    for (auto& event : std::views::reverse(some)) {
      if (listed.size() < limit && passes(event)) listed.push_back(std::move(event));
    }
    end = begin;
  }
  return listed;
}

Result<int> list(const Arguments& arguments, Console& console) {
  std::optional<Label> wanted;
  if (arguments.has("label")) {
    for (const auto label :
         {Label::None, Label::Benign, Label::Spam, Label::Phish, Label::Malicious}) {
      if (name_of(label) == arguments.text("label")) wanted = label;
    }
  }
  const auto limit = arguments.integer("limit");
  if (limit < 1) return Error(Code::InvalidArgument, "--limit is at least 1");
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  const auto passes = [&](const StoredEvent& event) {
    return (!wanted || event.label == *wanted) &&
           (!arguments.has("by") ||
            event.label_origin.find(arguments.text("by")) != std::string::npos);
  };
  WINNOW_TRY(const auto labels, newest(events, static_cast<std::size_t>(limit), passes));
  std::vector<Digest> digests;
  for (const auto& event : labels) digests.push_back(event.digest);
  WINNOW_TRY(const auto now, events.look_up(digests));
  Json all = Json::array();
  Table table({{"event"}, {"mapping"}, {"label"}, {"step"}, {"known since"}, {"by"}, {"audit"}});
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& event = labels[i];
    const bool counts = now[i] && now[i]->label_id == event.label_id;
    auto json = to_json(label_of(event));
    json.set("event", event.digest.hex());
    json.set("mapping", mapping_of(event));
    json.set("counts", counts);
    all.push(std::move(json));
    table.add({event.digest.short_hex(), std::string(mapping_of(event)),
               fmt::format("{}{}", name_of(event.label), counts ? "" : " (replaced)"),
               event.label_step, short_time(event.label_given), printable(event.label_origin),
               entry_text(label_of(event))});
  }
  console.document("labels.list", Json::object({{"labels", std::move(all)}}));
  table.print_or(console, "no such labels", "winnow labels import FILE brings them");
  return 0;
}

Result<StoredEvent> event_named(const EventLog& events, const std::string& name) {
  if (name != "latest") return events.find(name);
  WINNOW_TRY(auto labels, newest(events, 1, [](const StoredEvent&) { return true; }));
  if (labels.empty()) return Error(Code::NotFound, "no event was ever labelled");
  WINNOW_TRY(auto event, events.look_up(labels.front().digest));
  return event.value_or(labels.front());
}

Result<int> show(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  WINNOW_TRY(const auto event, event_named(events, arguments.text("event")));
  WINNOW_TRY(const auto labels, events.labels_of(event));
  Json all = Json::array();
  Table table({{"label"}, {"step"}, {"known since"}, {"by"}, {"audit"}});
  for (const auto& label : labels) {
    all.push(to_json(label));
    table.add({std::string(name_of(label.label)), label.step, short_time(label.given),
               printable(label.origin), entry_text(label)});
  }
  console.document("labels.show", Json::object({{"event", event.digest.hex()},
                                                {"mapping", mapping_of(event)},
                                                {"time", event.event_time.text()},
                                                {"source", event.source},
                                                {"label", name_of(event.label)},
                                                {"history", std::move(all)}}));
  console.line(fmt::format("{}  {}  {}  from {}: {}", event.digest.short_hex(), mapping_of(event),
                           short_time(event.event_time), printable(event.source),
                           name_of(event.label)));
  table.print_or(console, "it was never labelled");
  if (labels.size() > 1) console.note("the last one counts, and did from when it was given");
  return 0;
}

}  // namespace

std::vector<Command> labels_commands() {
  using Kind = Option::Kind;
  return {
      {"labels import",
       "Says what stored events turned out to be: labels them, or corrects their labels",
       "FILE is CSV with a line of column names, or NDJSON with the same members, each a text. A "
       "line names events by event (the first digits of a digest), by id (that their own tool gave "
       "them), or by host, user, ip or mailbox with from and before (RFC 3339); mapping and source "
       "narrow it. label is malicious or benign, of mail phish, spam or benign, and none takes "
       "back; step is a technique of ATT&CK or another name of an attack's step; by is who says "
       "so. All or nothing. It goes on record in the audit log, with the list. A label counts from "
       "now on and replaces the one before, which stays in the history of the event. Works while "
       "winnow serve runs.",
       "winnow labels import labels.csv",
       {{Kind::Positional, "file", "the list", "", true},
        {Kind::Flag, "dry-run", "say what would be changed, and change nothing"},
        {Kind::Integer, "most", "events that one line may mean", "10000"},
        actor_option(),
        workspace_option()},
       import},
      {"labels list",
       "Lists the labels that events were given, newest first, the replaced ones too",
       "However they were given: with the record, by a verdict, by a list.",
       "winnow labels list --label malicious",
       {{Kind::Text,
         "label",
         "only these",
         "",
         false,
         {"malicious", "benign", "phish", "spam", "none"}},
        {Kind::Text, "by", "only where who says so contains this"},
        {Kind::Integer, "limit", "at most so many", "100"},
        workspace_option()},
       list},
      {"labels show",
       "Shows what an event was ever called, by whom, and since when",
       "",
       "winnow labels show latest",
       {{Kind::Positional, "event", "the first digits of its digest, or latest", "", true},
        workspace_option()},
       show}};
}

}  // namespace winnow::cli
