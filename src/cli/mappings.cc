#include <fmt/format.h>

#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/nouns.h"
#include "cli/detail/session.h"
#include "ingest/mapping/coverage.h"
#include "ingest/mapping/example.h"
#include "ingest/records/log_source.h"
#include "ocsf/schema.h"

namespace winnow::cli {
namespace {

// The mapping that the command line names; none: all.
std::vector<std::string> named(const Arguments& arguments) {
  const auto& name = arguments.text("mapping");
  return name.empty() ? std::vector<std::string>() : std::vector{name};
}

Result<int> list(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto in_use, log_mappings_in_use(*workspace, console));
  const auto& mappings = in_use.mappings;
  Json all = Json::array();
  Table table({{"mapping"}, {"domain"}, {"event"}, {"class"}, {"fields", true}, {"title"}});
  for (const auto& mapping : mappings) {
    Json events = Json::array();
    for (const auto& event : mapping.events()) {
      const auto class_name = ocsf::facts_of(event.class_uid).name;
      events.push(Json::object({{"name", event.name}, {"class", class_name}}));
      table.add({mapping.name(), std::string(name_of(mapping.domain())), event.name,
                 std::string(class_name), fmt::format("{}", event.attribute_paths.size()),
                 mapping.title()});
    }
    all.push(Json::object({{"name", mapping.name()},
                           {"title", mapping.title()},
                           {"domain", name_of(mapping.domain())},
                           {"digest", mapping.digest().hex()},
                           {"events", std::move(events)}}));
  }
  console.document("mappings.list", Json::object({{"mappings", std::move(all)}}));
  table.print(console);
  return 0;
}

// What of a mapping's own examples is not as it says.
std::uint64_t check_examples(const Mapping& mapping, Console& console, Json& failures) {
  LogReader reader(mapping);
  std::uint64_t failed = 0;
  for (const auto& example : mapping.examples()) {
    const auto differences = check_example(reader, example);
    if (differences.empty()) continue;
    ++failed;
    console.line(
        console.tinted(fmt::format("{}, line {}: {}", mapping.name(), example.line, example.name),
                       Console::Tone::Bad));
    for (const auto& difference : differences) {
      console.line("  " + difference);
      failures.push(Json::object({{"mapping", mapping.name()},
                                  {"example", example.name},
                                  {"line", example.line},
                                  {"difference", difference}}));
    }
  }
  return failed;
}

// A mapping that does not compile, or has no example, is not as it should be either.
Result<int> test(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(auto read, read_usable_mappings(mappings_folder(*workspace), never_kept));
  const auto wanted = arguments.text("mapping");
  if (!wanted.empty()) {
    const auto of_all = read.mappings;
    std::erase_if(read.mappings, [&](const Mapping& one) { return one.name() != wanted; });
    std::erase_if(read.refused, [&](const RefusedMapping& one) { return one.name != wanted; });
    if (read.mappings.empty() && read.refused.empty()) return no_such_mapping(wanted, of_all);
  }
  std::uint64_t examples = 0, failed = 0;
  Json failures = Json::array(), without = Json::array(), refused = Json::array();
  for (const auto& mapping : read.mappings) {
    examples += mapping.examples().size();
    failed += check_examples(mapping, console, failures);
    if (!mapping.examples().empty()) continue;
    without.push(mapping.name());
    console.line(console.tinted(fmt::format("{} gives no examples", mapping.name()),
                                Console::Tone::Warning));
  }
  for (const auto& one : read.refused) {
    refused.push(Json::object({{"file", one.file.string()}, {"reason", one.why}}));
    console.line(console.tinted("refused: " + one.why, Console::Tone::Bad));
  }
  console.line(
      fmt::format("{} of {} examples are as their mappings say", examples - failed, examples));
  const bool is_well = failed == 0 && examples > 0 && read.refused.empty();
  console.document("mappings.test", Json::object({{"examples", examples},
                                                  {"failed", failed},
                                                  {"failures", std::move(failures)},
                                                  {"without_examples", std::move(without)},
                                                  {"refused", std::move(refused)}}));
  return is_well ? 0 : kAnswerIsNo;
}

Status read_all(const Path& input, const ReadLimits& limits, Coverage& coverage,
                Coverage::Reasons& unusable) {
  WINNOW_TRY(const auto source, open_log(input, limits));
  for (;;) {
    RawRecord record;
    WINNOW_TRY(const bool more, source->next(record));
    if (!more) return {};
    if (record.problem) {
      ++unusable[record.problem->message];
    } else {
      coverage.add(record.form, record.raw, system_clock().now());
    }
  }
}

constexpr std::string_view kShown = "winnow.mappings.show/1";  // of each line

// One record, as what it becomes; or why not.
void show_record(LogReader& reader, const RawRecord& record, Console& console) {
  const auto read =
      record.problem
          ? Result<LogReader::Read>(Error(Code::InvalidArgument, record.problem->message))
          : reader.read_kind(record.form, record.raw, record.digest,
                             {.arrived = system_clock().now()});
  if (!read) {
    console.record(Json::object({{"schema", kShown}, {"refused", read.error().message()}}));
    console.line(
        console.tinted("refused: " + std::string(read.error().message()), Console::Tone::Warning));
    return;
  }
  const auto& [kind, event] = *read;
  Json entities = Json::array();
  for (const auto& entity : event.entities()) {
    entities.push(Json::object({{"kind", name_of(entity.kind)},
                                {"role", name_of(entity.role)},
                                {"key", std::string(entity.key)}}));
  }
  const auto& name = reader.mapping().events()[kind].name;
  const auto json = event.json(ocsf::Event::Unmapped::Include);
  console.record(Json::object(
      {{"schema", kShown}, {"event", name}, {"ocsf", json}, {"entities", std::move(entities)}}));
  console.line(console.tinted(name, Console::Tone::Strong));
  console.line(to_pretty_text(json));
  for (const auto& entity : event.entities()) {
    console.line(
        fmt::format("  {} {}: {}", name_of(entity.role), name_of(entity.kind), entity.key));
  }
}

Result<int> show(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto limits, read_limits(arguments, workspace->folder()));
  WINNOW_TRY(auto mappings, chosen_log_mappings(*workspace, named(arguments), console));
  LogReader reader(std::move(mappings.front()));
  for (const auto& input : arguments.texts("input")) {
    WINNOW_TRY(const auto source, open_log(input, limits));
    for (;;) {
      RawRecord record;
      WINNOW_TRY(const bool more, source->next(record));
      if (!more) break;
      show_record(reader, record, console);
    }
  }
  return 0;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

constexpr std::string_view kUnreadable = "unreadable";  // beside the fates of fields

// Whether the field is one of those that `wanted` names: a fate, "unreadable" or "all".
bool is_wanted(const EventCoverage::FieldCount& field, std::string_view wanted) {
  return wanted == "all" ||
         (wanted == kUnreadable ? field.unreadable > 0 : name_of(field.fate) == wanted);
}

void print_fields(const Coverage& coverage, std::string_view wanted, Console& console) {
  Table table({{"event"},
               {"records", true},
               {"share", true},
               {"unreadable", true},
               {"to"},
               {"field"},
               {"attributes"}});
  const auto mapped = coverage.mapping().events();
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    const auto& event = coverage.events()[i];
    for (const auto& [path, field] : event.fields) {
      if (!is_wanted(field, wanted)) continue;
      table.add({mapped[i].name, fmt::format("{}", field.records),
                 fmt::format("{:.1f} %", 100 * share(field.records, event.records)),
                 field.unreadable > 0 ? fmt::format("{}", field.unreadable) : "",
                 std::string(name_of(field.fate)), path,
                 fmt::format("{}", fmt::join(field.attributes, ", "))});
    }
  }
  table.print(console);
}

// How many values became what: of each fate, and those of fields for OCSF that say nonsense.
using Totals = std::vector<std::pair<std::string_view, std::uint64_t>>;
Totals totals_of(const EventCoverage& event) {
  std::uint64_t values[3] = {}, unreadable = 0;
  for (const auto& [path, field] : event.fields) {
    values[static_cast<std::size_t>(field.fate)] += field.records - field.unreadable;
    unreadable += field.unreadable;
  }
  Totals totals;
  for (const auto fate : {FieldFate::Ocsf, FieldFate::Unmapped, FieldFate::Ignored})
    totals.emplace_back(name_of(fate), values[static_cast<std::size_t>(fate)]);
  totals.emplace_back(kUnreadable, unreadable);
  return totals;
}

Json to_json(const std::string& path, const EventCoverage::FieldCount& field) {
  Json attributes = Json::array();
  for (const auto& attribute : field.attributes) attributes.push(attribute);
  return Json::object({{"path", path},
                       {"records", field.records},
                       {"unreadable", field.unreadable},
                       {"to", name_of(field.fate)},
                       {"attributes", std::move(attributes)}});
}

Json to_json(const Coverage& coverage) {
  Json events = Json::array();
  const auto mapped = coverage.mapping().events();
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    const auto& event = coverage.events()[i];
    if (event.records == 0) continue;
    Json fields = Json::array(), values = Json::object();
    for (const auto& [path, field] : event.fields) fields.push(to_json(path, field));
    for (const auto& [what, count] : totals_of(event)) values.set(std::string(what), count);
    events.push(Json::object({{"event", mapped[i].name},
                              {"records", event.records},
                              {"values", std::move(values)},
                              {"fields", std::move(fields)}}));
  }
  Json refused = Json::array();
  for (const auto& [reason, count] : coverage.refused())
    refused.push(Json::object({{"reason", reason}, {"records", count}}));
  return Json::object({{"mapping", coverage.mapping().name()},
                       {"records", coverage.records()},
                       {"events", std::move(events)},
                       {"refused", std::move(refused)}});
}

void print_events(const Coverage& coverage, Console& console) {
  Table table({{"event"},
               {"records", true},
               {"values", true},
               {"ocsf", true},
               {"unmapped", true},
               {"ignored", true},
               {"unreadable", true}});
  const auto mapped = coverage.mapping().events();
  for (std::size_t i = 0; i < mapped.size(); ++i) {
    const auto& event = coverage.events()[i];
    if (event.records == 0) continue;
    const auto totals = totals_of(event);
    std::uint64_t all = 0;
    for (const auto& [what, count] : totals) all += count;
    std::vector<std::string> cells = {mapped[i].name, fmt::format("{}", event.records),
                                      fmt::format("{}", all)};
    for (const auto& [what, count] : totals)
      cells.push_back(fmt::format("{:.1f} %", 100 * share(count, all)));
    table.add(std::move(cells));
  }
  table.print(console);
}

Result<int> coverage(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto limits, read_limits(arguments, workspace->folder()));
  WINNOW_TRY(auto mappings, chosen_log_mappings(*workspace, named(arguments), console));
  Coverage counted(std::move(mappings.front()));
  Coverage::Reasons unusable;
  for (const auto& input : arguments.texts("input"))
    WINNOW_TRY(read_all(input, limits, counted, unusable));
  console.document("mappings.coverage", to_json(counted));
  print_events(counted, console);
  if (arguments.has("fields")) {
    console.line();
    print_fields(counted, arguments.text("fields"), console);
  }
  for (const auto& reasons : {counted.refused(), unusable}) {
    for (const auto& [reason, count] : reasons)
      console.line(console.tinted(fmt::format("{} refused: {}", human_count(count), reason),
                                  Console::Tone::Warning));
  }
  return 0;
}

}  // namespace

std::vector<Command> mappings_commands() {
  using Kind = Option::Kind;
  return {{"mappings list",
           "Lists which log sources are understood, and what their records become",
           "The files of content/mappings, compiled; docs/mappings.md tells how to add one.",
           "winnow mappings list",
           {workspace_option()},
           list},
          {"mappings test",
           "Runs the examples that the mappings themselves give",
           "Each example in a mapping's file is a record and what must come of it. Ends with exit "
           "code 3 where one differs, a mapping does not compile, or there are none.",
           "winnow mappings test suricata",
           {{Kind::Positional, "mapping", "only this one (default: all)"}, workspace_option()},
           test},
          {"mappings show",
           "Shows the OCSF events that a mapping makes of records, and the entities they name",
           "Reads the records without storing them. With --json one line for each record, with "
           "'event', 'ocsf' and 'entities', or 'refused' and the reason.",
           "winnow mappings show suricata eve.json",
           {{Kind::Positional, "mapping", "the mapping", "", true},
            {Kind::Positionals, "input", "files of records, or - for standard input", "", true},
            workspace_option()},
           show},
          {"mappings coverage",
           "Shows which fields of a source's records reach OCSF, and which do not",
           "Reads the records without storing them. Of each kind of event: the share of its values "
           "that become OCSF attributes, that are kept under 'unmapped', that nobody reads, and "
           "that are for an attribute but are none of its values ('unreadable').",
           "winnow mappings coverage suricata eve.json --fields ignored",
           {{Kind::Positional, "mapping", "the mapping", "", true},
            {Kind::Positionals, "input", "files of records, or - for standard input", "", true},
            {Kind::Text,
             "fields",
             "list the fields too",
             "",
             false,
             {"all", "ocsf", "unmapped", "ignored", "unreadable"}},
            workspace_option()},
           coverage}};
}

}  // namespace winnow::cli
