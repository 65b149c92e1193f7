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
constexpr std::size_t kMaxPatterns = 32;

// Every operand of the program, for which `visit` is called.
template <typename Visit>
void for_each_operand(Program& program, const Visit& visit) {
  const auto of_source = [&](Source& source) { std::ranges::for_each(source.operands, visit); };
  for (auto& text : program.nested_texts) visit(text.operand);
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
    WINNOW_TRY(item.only({"name", "in", "out", "arrived"}));
    MappingExample example;
    WINNOW_TRY(example.name, item["name"].as_text());
    WINNOW_TRY(example.in, item["in"].as_text());
    if (!item["out"].is_map() || item["out"].members().empty())
      return item.error("an example's 'out' has attributes of the event by their path");
    example.out = item["out"].json();
    if (item.has("arrived")) {
      const auto arrived = Timestamp::parse(item["arrived"].scalar());
      if (!arrived) return item["arrived"].error(std::string(arrived.error().message()));
      example.arrived = *arrived;
    }
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

constexpr std::pair<std::string_view, LogFormat> kFormats[] = {
    {"json", LogFormat::Json},   {"json or tsv", LogFormat::JsonOrTsv},
    {"pairs", LogFormat::Pairs}, {"words", LogFormat::Words},
    {"text", LogFormat::Text},   {"csv", LogFormat::Csv},
    {"cef", LogFormat::Cef},     {"leef", LogFormat::Leef}};

Result<LogFormat> read_format(const Yaml& yaml) {
  const auto& name = yaml["format"].scalar();
  std::vector<std::string> names;
  for (const auto& [known, format] : kFormats) {
    if (name == known) return format;
    names.emplace_back(known);
  }
  return (yaml.has("format") ? yaml["format"] : yaml)
      .error(fmt::format("the format is one of '{}'", fmt::join(names, "', '")));
}

// What a format's lines are told by belongs to that format alone.
Status check_format_keys(const Yaml& yaml, LogFormat format) {
  struct Key {
    std::string_view name;
    LogFormat of;
    bool is_needed;
  };
  constexpr Key kKeys[] = {
      {"words", LogFormat::Words, true},    {"encoded", LogFormat::Pairs, false},
      {"lines", LogFormat::Pairs, false},   {"numbered", LogFormat::Pairs, false},
      {"patterns", LogFormat::Text, true},  {"columns", LogFormat::Csv, true},
      {"separator", LogFormat::Csv, false},
  };
  for (const auto& [name, of, is_needed] : kKeys) {
    const auto of_name =
        std::ranges::find(kFormats, of, [](const auto& known) { return known.second; })->first;
    if (yaml.has(name) && format != of)
      return yaml[name].error(fmt::format("'{}' is for the format '{}'", name, of_name));
    if (!yaml.has(name) && format == of && is_needed)
      return yaml.error(fmt::format("the format '{}' needs '{}'", of_name, name));
  }
  return {};
}

// A template, {template: T} or {regex: R}.
Result<TextPattern> read_pattern(const Yaml& node) {
  const bool is_regex = node.is_map() && node.has("regex");
  if (node.is_map()) WINNOW_TRY(node.only({"template", "regex"}));
  if (node.is_map() && node.members().size() != 1)
    return node.error("a pattern is a 'template' or a 'regex'");
  const auto& written = !node.is_map() ? node : node[is_regex ? "regex" : "template"];
  WINNOW_TRY(const std::string text, written.as_text());
  auto pattern = is_regex ? TextPattern::of_regex(text) : TextPattern::of_template(text);
  if (!pattern) return written.error(std::string(pattern.error().message()));
  return pattern;
}

Status read_patterns(const Yaml& yaml, TextShape& shape) {
  if (!yaml.is_sequence() || yaml.items().empty() || yaml.items().size() > kMaxPatterns)
    return yaml.error(fmt::format("a list of 1 to {} patterns", kMaxPatterns));
  for (const auto& item : yaml.items()) {
    WINNOW_TRY(auto pattern, read_pattern(item));
    shape.patterns.push_back(std::move(pattern));
  }
  return {};
}

Status read_columns(const Yaml& yaml, TextShape& shape) {
  WINNOW_TRY(shape.words, yaml["columns"].as_texts());
  if (shape.words.empty()) return yaml["columns"].error("a row has at least one column");
  auto sorted = shape.words;
  std::ranges::sort(sorted);
  const auto again = std::ranges::adjacent_find(sorted);
  if (again != sorted.end())
    return yaml["columns"].error(fmt::format("the column '{}' stands twice", *again));
  if (!yaml.has("separator")) return {};
  const auto& separator = yaml["separator"].scalar();
  if (separator.size() != 1 || separator == "\"" || separator == "\n")
    return yaml["separator"].error("a separator is one character");
  shape.separator = separator.front();
  return {};
}

Status read_pairs_shape(const Yaml& yaml, TextShape& shape) {
  if (yaml.has("encoded")) {
    WINNOW_TRY(const auto keys, yaml["encoded"].as_texts());
    for (const auto& key : keys) shape.encoded[key] = true;
  }
  if (yaml.has("lines")) {
    WINNOW_TRY(shape.kind_key, yaml["lines"].as_text());
  }
  for (const auto& [path, front] : yaml["numbered"].members()) {
    if (shape.kind_key.empty() || path.find('.') == std::string::npos)
      return front.error("'numbered' names a text of a kind of 'lines': {EXECVE.args: a}");
    WINNOW_TRY(shape.numbered.emplace_back(path, "").second, front.as_text());
  }
  return {};
}

// Its columns are known when the selection is.
Result<std::optional<TextShape>> read_text_shape(const Yaml& yaml, LogFormat format) {
  WINNOW_TRY(check_format_keys(yaml, format));
  TextShape shape;
  switch (format) {
    case LogFormat::Json:
    case LogFormat::JsonOrTsv:
      return std::optional<TextShape>();
    case LogFormat::Pairs:
      WINNOW_TRY(read_pairs_shape(yaml, shape));
      break;
    case LogFormat::Words: {
      shape.kind = TextShape::Kind::Words;
      WINNOW_TRY(shape.words, yaml["words"].as_texts());
      if (shape.words.empty()) return yaml["words"].error("a line has at least one word");
      break;
    }
    case LogFormat::Text:
      shape.kind = TextShape::Kind::Patterns;
      WINNOW_TRY(read_patterns(yaml["patterns"], shape));
      break;
    case LogFormat::Csv:
      shape.kind = TextShape::Kind::Csv;
      WINNOW_TRY(read_columns(yaml, shape));
      break;
    case LogFormat::Cef:
      shape.kind = TextShape::Kind::Cef;
      break;
    case LogFormat::Leef:
      shape.kind = TextShape::Kind::Leef;
      break;
  }
  return std::optional(std::move(shape));
}

// A path that no line can have is a slip of the pen.
Status check_line_paths(const Yaml& yaml, const Program& program) {
  const auto& text = *program.text;
  std::vector<std::string> fields = text.words;
  for (const auto& pattern : text.patterns)
    fields.insert(fields.end(), pattern.fields().begin(), pattern.fields().end());
  const bool is_closed =
      text.kind == TextShape::Kind::Patterns || text.kind == TextShape::Kind::Csv;
  if (!is_closed) return {};
  for (const auto& path : program.paths) {
    const auto name = fmt::format("{}", fmt::join(path, "."));
    if (std::ranges::find(fields, name) != fields.end()) continue;
    const auto near = nearest(name, fields);
    return yaml.error(fmt::format("no line has a field '{}'{}", name,
                                  near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
  }
  return {};
}

// A path of two steps is a key of the lines of a kind, or a text of numbered ones.
void find_columns(Program& program) {
  auto& text = *program.text;
  const bool has_kinds = text.kind == TextShape::Kind::Pairs;
  for (std::size_t i = 0; i < program.paths.size(); ++i) {
    const auto& path = program.paths[i];
    const auto column = program.selection.place(i).column;
    // A name with a dot in it is one field, however keys are written.
    if (path.size() == 1 || !has_kinds)
      text.columns[fmt::format("{}", fmt::join(path, "."))] = column;
    if (!has_kinds || path.size() != 2 || text.kind_key.empty() || program.selection.place(i).list)
      continue;
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
  WINNOW_TRY(yaml.only({"mapping", "title",    "domain",    "format",  "words",     "encoded",
                        "lines",   "numbered", "patterns",  "columns", "separator", "keys",
                        "product", "shapes",   "recognise", "absent",  "time",      "tables",
                        "blocks",  "events",   "examples",  "zones"}));
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
  WINNOW_TRY(made.program.nested_texts, sources.read_nested_texts(yaml["shapes"]));
  for (const auto& text : made.program.nested_texts) made.nested_texts.push_back(text.operand.path);
  WINNOW_TRY(sources.read_tables(yaml["tables"]));
  WINNOW_TRY(sources.read_zones(yaml["zones"]));
  made.program.absent = {""};
  if (yaml.has("absent")) {
    WINNOW_TRY(made.program.absent, yaml["absent"].as_texts());
  }
  WINNOW_TRY(read_conditions(yaml["recognise"], sources, made.program.recognised));
  if (made.program.recognised.empty())
    return yaml.error("'recognise' tells which records are the source's");
  WINNOW_TRY(read_events(yaml, made.name, sources, made));
  WINNOW_TRY(read_examples(yaml["examples"], made.examples));

  made.zones = sources.zones().rules();
  made.program.tables = std::move(sources.tables());
  made.program.paths = std::move(sources.paths());
  WINNOW_TRY(made.program.selection, JsonSelection::of(made.program.paths, sources.same_as()));
  if (made.program.text) {
    WINNOW_TRY(check_line_paths(yaml, made.program));
    find_columns(made.program);
  }
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
