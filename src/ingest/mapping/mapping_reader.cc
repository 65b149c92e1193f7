#include "ingest/mapping/detail/mapping_reader.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ingest/mapping/detail/event_reader.h"
#include "ingest/mapping/detail/steps.h"
#include "ocsf/schema.h"

namespace winnow::mapping {
namespace {

constexpr std::size_t kMaxEvents = 500;

// Every operand of the program, for which `visit` is called.
template <typename Visit>
void for_each_operand(Program& program, const Visit& visit) {
  const auto of_source = [&](Source& source) { std::ranges::for_each(source.operands, visit); };
  for (auto& text : program.json_texts) visit(text.operand);
  for (auto& condition : program.recognised) visit(condition.operand);
  for (auto& event : program.events) {
    for (auto& way : event.when) {
      for (auto& condition : way) visit(condition.operand);
    }
    of_source(event.time);
    for (auto& assignment : event.assignments) of_source(assignment.source);
    for (auto& list : event.lists) {
      if (list.rows) visit(*list.rows);
      for (auto& row : list.fields) {
        for (auto& field : row) of_source(field.source);
      }
    }
  }
}

// The field on whose value the most ways depend becomes a switch.
void choose_switch(Program& program) {
  std::map<std::string, std::size_t> counts;
  for (std::uint32_t i = 0; i < program.events.size(); ++i) {
    for (const auto& conditions : program.events[i].when) {
      program.ways.push_back({i, conditions});
      for (const auto& condition : conditions) {
        if (condition.asks == Condition::Asks::Is) ++counts[condition.operand.path];
      }
    }
  }
  std::string chosen;
  for (const auto& [path, count] : counts) {
    if (chosen.empty() || count > counts[chosen]) chosen = path;
  }
  const auto asked = [&](const Program::Way& way) {
    const auto found = std::ranges::find_if(way.conditions, [&](const Condition& condition) {
      return condition.asks == Condition::Asks::Is && condition.operand.path == chosen;
    });
    return found == way.conditions.end() ? nullptr : &*found;
  };
  for (const auto& way : program.ways) {
    const auto* condition = asked(way);
    if (condition == nullptr) continue;
    program.switch_on = condition->operand;
    for (const auto& value : condition->values) program.cases[value];
  }
  for (std::uint32_t i = 0; i < program.ways.size(); ++i) {
    const auto* condition = asked(program.ways[i]);
    if (condition == nullptr) program.other_cases.push_back(i);
    for (auto& [value, candidates] : program.cases.items()) {
      const bool is_one = condition == nullptr ||
                          std::ranges::find(condition->values, value) != condition->values.end();
      if (is_one) candidates.push_back(i);
    }
  }
}

Status read_examples(const Yaml& yaml, std::vector<MappingExample>& out) {
  for (const auto& item : yaml.items()) {
    WINNOW_TRY(item.only({"name", "in", "out"}));
    MappingExample example;
    WINNOW_TRY(example.name, item["name"].as_text());
    WINNOW_TRY(example.in, item["in"].as_text());
    if (!item["out"].is_map() || item["out"].members().empty())
      return item.error("an example's 'out' has attributes of the event by their path");
    example.out = item["out"].json();
    example.line = item.line();
    out.push_back(std::move(example));
  }
  return {};
}

Status read_events(const Yaml& yaml, const std::string& name, SourceReader& sources,
                   ReadMapping& made) {
  if (!yaml["events"].is_sequence() || yaml["events"].items().size() > kMaxEvents)
    return yaml.error(fmt::format("a mapping has 1 to {} 'events'", kMaxEvents));
  std::set<std::string> names;
  for (const auto& event : yaml["events"].items()) {
    WINNOW_TRY(auto read, read_event(name, event, yaml, sources));
    if (!names.insert(read.program.name).second)
      return event.error(fmt::format("a second event '{}'", read.program.name));
    made.events.push_back(std::move(read.described));
    made.program.events.push_back(std::move(read.program));
  }
  return {};
}

// Mails have their own reader.
Result<Domain> read_domain(const Yaml& yaml) {
  const auto& name = yaml["domain"].scalar();
  const auto domain = domain_named(name);
  if (domain && *domain != Domain::Mail) return *domain;
  return (yaml.has("domain") ? yaml["domain"] : yaml)
      .error("the domain is 'network', 'endpoint', 'cloud' or 'alerts'");
}

Result<LogFormat> read_format(const Yaml& yaml) {
  constexpr std::pair<std::string_view, LogFormat> kFormats[] = {
      {"json", LogFormat::Json},
      {"json or tsv", LogFormat::JsonOrTsv},
      {"pairs", LogFormat::Pairs},
      {"words", LogFormat::Words}};
  const auto& name = yaml["format"].scalar();
  for (const auto& [known, format] : kFormats) {
    if (name == known) return format;
  }
  return (yaml.has("format") ? yaml["format"] : yaml)
      .error("the format is 'json', 'json or tsv', 'pairs' or 'words'");
}

// Its columns are known when the selection is.
Result<std::optional<TextShape>> read_text_shape(const Yaml& yaml, LogFormat format) {
  const bool is_pairs = format == LogFormat::Pairs, is_words = format == LogFormat::Words;
  if (yaml.has("words") != is_words)
    return (is_words ? yaml : yaml["words"]).error("'words' are named for the format 'words'");
  if (yaml.has("encoded") && !is_pairs)
    return yaml["encoded"].error("'encoded' are keys of the format 'pairs'");
  if (!is_pairs && !is_words) return std::optional<TextShape>();
  TextShape shape;
  if (is_words) {
    WINNOW_TRY(shape.words, yaml["words"].as_texts());
    if (shape.words.empty()) return yaml["words"].error("a line has at least one word");
  }
  if (yaml.has("encoded")) {
    WINNOW_TRY(const auto keys, yaml["encoded"].as_texts());
    for (const auto& key : keys) shape.encoded[key] = true;
  }
  if (yaml.has("lines")) {
    if (!is_pairs) return yaml["lines"].error("'lines' are of the format 'pairs'");
    WINNOW_TRY(shape.kind_key, yaml["lines"].as_text());
  }
  for (const auto& [path, front] : yaml["numbered"].members()) {
    if (shape.kind_key.empty() || path.find('.') == std::string::npos)
      return front.error("'numbered' names a text of a kind of 'lines': {EXECVE.args: a}");
    WINNOW_TRY(shape.numbered.emplace_back(path, "").second, front.as_text());
  }
  return std::optional(std::move(shape));
}

// A path of two steps is a key of the lines of a kind, or a text of numbered ones.
void find_columns(Program& program) {
  auto& text = *program.text;
  for (std::size_t i = 0; i < program.paths.size(); ++i) {
    const auto& path = program.paths[i];
    const auto column = program.selection.place(i).column;
    if (path.size() == 1) text.columns[path.front()] = column;
    if (path.size() != 2 || text.kind_key.empty() || program.selection.place(i).list) continue;
    auto& kind = text.kinds[path.front()];
    const auto numbered = std::ranges::find(text.numbered, path.front() + "." + path.back(),
                                            &std::pair<std::string, std::string>::first);
    if (numbered == text.numbered.end()) {
      kind.columns[path.back()] = column;
    } else {
      kind.numbered.emplace_back(numbered->second, column);
    }
  }
}

}  // namespace

Result<ReadMapping> read_mapping(const Yaml& yaml) {
  if (!yaml.is_map()) return yaml.error("a mapping is a map that begins with 'mapping: NAME'");
  WINNOW_TRY(yaml.only({"mapping", "title", "domain", "format", "words", "encoded", "lines",
                        "numbered", "keys", "product", "shapes", "recognise", "absent", "time",
                        "tables", "blocks", "events", "examples"}));
  ReadMapping made;
  WINNOW_TRY(made.name, yaml["mapping"].as_text());
  const bool is_name = !made.name.empty() && std::ranges::all_of(made.name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!is_name) return yaml["mapping"].error("a mapping's name has small letters, digits and '_'");
  WINNOW_TRY(made.title, yaml["title"].as_text());
  WINNOW_TRY(made.domain, read_domain(yaml));
  WINNOW_TRY(made.format, read_format(yaml));
  WINNOW_TRY(made.program.text, read_text_shape(yaml, made.format));
  const auto& keys = yaml["keys"].scalar();
  if (yaml.has("keys") && keys != "flat" && keys != "nested")
    return yaml["keys"].error("keys are 'nested' or 'flat'");
  for (const auto& [name, block] : yaml["blocks"].members()) {
    WINNOW_TRY(block.only({"same", "set", "lists", "unmapped", "entities"}));
  }
  WINNOW_TRY(yaml["product"].is_map() ? yaml["product"].only({"name", "vendor"})
                                      : Status(yaml.error("a mapping names its 'product'")));
  WINNOW_TRY(auto shapes, Shapes::read(yaml["shapes"]));
  SourceReader sources(keys == "flat", std::move(shapes));
  WINNOW_TRY(made.program.json_texts, sources.read_json_texts(yaml["shapes"]));
  WINNOW_TRY(sources.read_tables(yaml["tables"]));
  made.program.absent = {""};
  if (yaml.has("absent")) {
    WINNOW_TRY(made.program.absent, yaml["absent"].as_texts());
  }
  WINNOW_TRY(read_conditions(yaml["recognise"], sources, made.program.recognised));
  if (made.program.recognised.empty())
    return yaml.error("'recognise' tells which records are the source's");
  WINNOW_TRY(read_events(yaml, made.name, sources, made));
  WINNOW_TRY(read_examples(yaml["examples"], made.examples));

  made.program.tables = std::move(sources.tables());
  made.program.paths = std::move(sources.paths());
  WINNOW_TRY(made.program.selection, JsonSelection::of(made.program.paths, sources.same_as()));
  if (made.program.text) find_columns(made.program);
  for_each_operand(made.program, [&](Operand& operand) {
    operand.place = made.program.selection.place(operand.place.column);
    if (operand.row_where)
      operand.row_where = made.program.selection.place(operand.row_where->column);
  });
  choose_switch(made.program);
  for (const auto& text : made.program.absent)
    made.program.longest_absent = std::max(made.program.longest_absent, text.size());
  for (auto& event : made.program.events) make_steps(event);
  return made;
}

}  // namespace winnow::mapping
