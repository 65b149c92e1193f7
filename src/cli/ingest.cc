#include "ingest/ingest.h"

#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "ocsf/class_schema.h"

namespace winnow::cli {
namespace {

// The name of the class that it became; null where it was stored before.
Json class_of(const IngestReport::Made& made) {
  return made.class_uid ? Json(ocsf::schema_name_of(*made.class_uid)) : Json();
}

Json to_json(const IngestReport& report) {
  Json problems = Json::object();
  for (const auto& [kind, count] : report.problems) problems.set(std::string(name_of(kind)), count);
  Json made = Json::array();
  for (const auto& [what, records] : report.made) {
    made.push(Json::object({{"mapping", what.mapping.empty() ? "mail" : what.mapping},
                            {"class", class_of(what)},
                            {"records", records}}));
  }
  return Json::object({{"read", report.read},
                       {"stored", report.stored},
                       {"duplicates", report.duplicates},
                       {"unusable", report.unusable},
                       {"quarantined", report.quarantined},
                       {"labelled", report.labelled},
                       {"label_conflicts", report.label_conflicts},
                       {"files_skipped", report.files_skipped},
                       {"bytes", report.bytes},
                       {"seconds", report.seconds},
                       {"problems", std::move(problems)},
                       {"made", std::move(made)},
                       {"unrecognised", report.unrecognised},
                       {"ended_by", report.ended_by ? Json(report.ended_by->text()) : Json()}});
}

// "2 empty, 1 bad csv": the problems that kept a record out, or those that did not.
std::string listed(const IngestReport& report, bool fatal) {
  std::string text;
  for (const auto& [kind, count] : report.problems) {
    if (is_fatal(kind) == fatal)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", human_count(count), name_of(kind));
  }
  return text;
}

void print(Console& console, const IngestReport& report) {
  const auto line = [&](std::string_view what, const std::string& text,
                        Console::Tone tone = Console::Tone::Plain) {
    console.line(console.tinted(fmt::format("  {:<12}", what), tone) + text);
  };
  console.line(fmt::format("read {} records, {}, in {:.1f} s", human_count(report.read),
                           human_bytes(report.bytes), report.seconds));
  line("stored", human_count(report.stored));
  if (report.duplicates > 0) line("known", human_count(report.duplicates));
  if (report.labelled > 0)
    line("labelled", human_count(report.labelled) + " of the known, which had no label");
  if (report.label_conflicts > 0) {
    line("conflicts",
         human_count(report.label_conflicts) + " of the known have another label, which stays",
         Console::Tone::Warning);
  }
  if (const auto notes = listed(report, false); !notes.empty()) line("usable with", notes);
  if (report.files_skipped > 0)
    line("passed over", human_count(report.files_skipped) + " hidden files, links, drafts");
  if (report.headers > 0)
    line("headers", human_count(report.headers) + " lines that name the columns below them");
  if (report.unusable == 0) return;
  if (report.unrecognised > 0)
    line("unknown", human_count(report.unrecognised) + " that no mapping recognises",
         Console::Tone::Warning);
  line("quarantined", listed(report, true), Console::Tone::Warning);
  console.note("winnow quarantine list shows why");
}

// While `winnow serve` runs, the log is its own.
Result<EventLog> open_events(const Workspace& workspace) {
  auto events = EventLog::open(events_folder(workspace), Access::ReadWrite);
  if (events || events.error().code() != Code::Conflict) return events;
  return std::move(events).error().with_hint(
      "while winnow serve runs it takes records in itself: POST /v1/events/SOURCE, syslog or a "
      "followed file; else wait until the other process has finished");
}

enum class Of : std::uint8_t { Mail, Logs };

Result<IngestOptions> options_of(const Arguments& arguments, const Path& workspace, Of of) {
  IngestOptions options;
  WINNOW_TRY(options.limits, read_limits(arguments, workspace));
  options.source = arguments.text("source");
  if (arguments.has("format")) options.format = read_input_format(arguments.text("format"));
  if (arguments.has("label")) {
    const auto label =
        read_label(arguments.text("label"), of == Of::Mail ? Label::Phish : Label::Malicious);
    if (!label || (of == Of::Logs && label == Label::Spam)) {
      return Error(Code::InvalidArgument, fmt::format("'{}' is no label", arguments.text("label")))
          .with_hint(of == Of::Mail ? "phish, benign or spam" : "malicious or benign");
    }
    options.label = *label;
  }
  return options;
}

// Which mapping made what of how many records, and where that is decided.
void print_made(Console& console, const IngestReport& report, LogMappings& mappings) {
  Table table({{"mapping"}, {"domain"}, {"class"}, {"records", true}});
  for (const auto& [what, records] : report.made) {
    const auto* const mapping = mappings.mapping(what.mapping);
    const auto name = class_of(what);
    table.add({what.mapping, mapping == nullptr ? "" : std::string(name_of(mapping->domain())),
               name.is_null() ? "(stored before)" : name.as_string(), human_count(records)});
  }
  if (!table.empty()) table.print(console);
}

// What was read before damage ended the reading is told all the same.
Result<int> tell(const IngestReport& report, LogMappings* mappings, Console& console) {
  console.document("ingest", to_json(report));
  console.end_progress();
  print(console, report);
  if (mappings != nullptr) print_made(console, report, *mappings);
  if (report.ended_by) return *report.ended_by;
  return 0;
}

// By the mappings of these names, each record by the one that knows it; none: by all.
Result<int> ingest_as(const std::vector<std::string>& names, const Arguments& arguments,
                      Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(auto options, options_of(arguments, workspace->folder(), Of::Logs));
  WINNOW_TRY(auto chosen, chosen_log_mappings(*workspace, names, console));
  if (names.size() == 1) options.mapping = names.front();
  WINNOW_TRY(auto events, open_events(*workspace));
  WINNOW_TRY(auto quarantine, Quarantine::open(quarantine_file(*workspace), Access::ReadWrite));
  const std::vector<Path> inputs(arguments.texts("input").begin(), arguments.texts("input").end());
  LogMappings mappings(std::move(chosen));
  WINNOW_TRY(const auto report, ingest_logs(inputs, mappings, events, quarantine, options,
                                            system_clock(), console.progress()));
  return tell(report, &mappings, console);
}

Result<int> ingest_suricata(const Arguments& arguments, Console& console) {
  return ingest_as({"suricata"}, arguments, console);
}
Result<int> ingest_zeek(const Arguments& arguments, Console& console) {
  return ingest_as({"zeek"}, arguments, console);
}
Result<int> ingest_cloudtrail(const Arguments& arguments, Console& console) {
  return ingest_as({"cloudtrail"}, arguments, console);
}
// Sysmon writes into a channel of the Windows event log, and shippers mix the channels.
Result<int> ingest_windows(const Arguments& arguments, Console& console) {
  return ingest_as({"sysmon", "windows"}, arguments, console);
}
Result<int> ingest_auto(const Arguments& arguments, Console& console) {
  const auto& name = arguments.text("mapping");
  return ingest_as(name.empty() ? std::vector<std::string>() : std::vector{name}, arguments,
                   console);
}

Result<int> ingest(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadWrite));
  WINNOW_TRY(const auto options, options_of(arguments, workspace->folder(), Of::Mail));
  WINNOW_TRY(const auto mapping, read_mapping(*workspace));
  WINNOW_TRY(auto events, open_events(*workspace));
  WINNOW_TRY(auto quarantine, Quarantine::open(quarantine_file(*workspace), Access::ReadWrite));
  const std::vector<Path> inputs(arguments.texts("input").begin(), arguments.texts("input").end());
  WINNOW_TRY(const auto report, ingest_mail(inputs, mapping.mapping, events, quarantine, options,
                                            system_clock(), console.progress()));
  return tell(report, nullptr, console);
}

// A command for the logs of one source.
Command log_command(std::string_view path, std::string_view summary, std::string_view example,
                    Result<int> (*run)(const Arguments&, Console&)) {
  using Kind = Option::Kind;
  return {
      path,
      summary,
      "Files, folders, or '-' for standard input, also packed with gzip or zstd: JSON objects one "
      "a line, behind each other or in an array, or what the source writes. Events of a domain "
      "without a champion are kept: "
      "they are history for the one it gets. What was read is durable when the command returns; "
      "running it "
      "again adds nothing twice. What cannot be mapped goes to quarantine with its bytes and the "
      "reason.",
      example,
      {{Kind::Positionals, "input", "files or folders, or - for standard input", "", true},
       {Kind::Text, "source", "who supplied it (default: the input's name)"},
       {Kind::Text, "label", "what every record is: malicious or benign"},
       workspace_option()},
      run};
}

std::vector<Command> log_commands() {
  auto any = log_command("ingest auto",
                         "Reads logs of any known source: each record by the mapping that knows it",
                         "winnow ingest auto eve.json", ingest_auto);
  any.options.push_back({Option::Kind::Text, "mapping", "read all of it by this one"});
  return {log_command("ingest suricata", "Reads Suricata's eve.json into the workspace",
                      "winnow ingest suricata eve.json", ingest_suricata),
          log_command("ingest zeek", "Reads Zeek's logs, JSON or tab-separated, into the workspace",
                      "winnow ingest zeek conn.log dns.log", ingest_zeek),
          log_command("ingest cloudtrail", "Reads AWS CloudTrail's records into the workspace",
                      "winnow ingest cloudtrail cloudtrail.json", ingest_cloudtrail),
          log_command("ingest windows",
                      "Reads Windows event logs of any channel, Sysmon's too, into the workspace",
                      "winnow ingest windows security.json", ingest_windows),
          log_command("ingest sysmon", "Reads Sysmon's events, and other Windows event logs",
                      "winnow ingest sysmon sysmon.json", ingest_windows),
          std::move(any)};
}

}  // namespace

std::vector<Command> ingest_commands() {
  using Kind = Option::Kind;
  std::vector<Command> commands = {
      {"ingest mail",
       "Reads mail or mail logs into the workspace, each record once",
       "Files, folders (.eml, mbox, Maildir) and mail logs (CSV, NDJSON with columns such as "
       "sender, receiver, date, subject, body, urls, "
       "label); '-' is standard input. Formats are recognised by content. What was read is "
       "durable when the command returns; running it "
       "again adds nothing twice. What cannot be used goes to quarantine with its bytes and "
       "the reason.",
       "winnow ingest mail mailbox.mbox --label benign --source mailbox",
       {{Kind::Positionals, "input", "files or folders, or - for standard input", "", true},
        {Kind::Text, "label",
         "what every record is: phish, benign or spam (default: a log's own label column)"},
        {Kind::Text, "source", "who supplied it (default: the input's name)"},
        {Kind::Text,
         "format",
         "of every file, instead of recognising it",
         "",
         false,
         {"mail", "mbox", "csv", "ndjson"}},
        workspace_option()},
       ingest}};
  for (auto& command : log_commands()) commands.push_back(std::move(command));
  return commands;
}

}  // namespace winnow::cli
