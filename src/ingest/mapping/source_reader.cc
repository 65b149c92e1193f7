#include "ingest/mapping/detail/source_reader.h"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/mapping/detail/conversion.h"

namespace winnow::mapping {
namespace {

using ocsf::AttributeKind;

constexpr std::string_view kItems = ".*";
constexpr std::size_t kMaxFormats = 16;  // of one time

Conversion default_conversion(AttributeKind kind) {
  switch (kind) {
    case AttributeKind::Int:
      return Conversion::Int;
    case AttributeKind::Port:
      return Conversion::Port;
    case AttributeKind::Time:
    case AttributeKind::DateTime:
      return Conversion::Time;
    case AttributeKind::Real:
      return Conversion::Real;
    case AttributeKind::Bool:
      return Conversion::Bool;
    case AttributeKind::Ip:
      return Conversion::Ip;
    case AttributeKind::Mac:
      return Conversion::Mac;
    case AttributeKind::Email:
      return Conversion::Email;
    case AttributeKind::Uuid:
      return Conversion::Uuid;
    case AttributeKind::Any:
      return Conversion::AsIs;
    default:
      return Conversion::Text;
  }
}

// Whether a value that the conversion makes fits an attribute of the kind.
bool fits(Conversion conversion, AttributeKind kind) {
  const bool is_time = conversion == Conversion::Time || conversion == Conversion::Seconds ||
                       conversion == Conversion::Millis || conversion == Conversion::Filetime;
  switch (kind) {
    case AttributeKind::Any:
      return true;
    case AttributeKind::Int:
      return conversion == Conversion::Int || conversion == Conversion::Port ||
             conversion == Conversion::Interval || conversion == Conversion::Nanos;
    case AttributeKind::Time:
    case AttributeKind::DateTime:
      return is_time;
    case AttributeKind::Text:
      return conversion == Conversion::Text || conversion == Conversion::Lower ||
             conversion == Conversion::Domain || conversion == Conversion::Ip ||
             conversion == Conversion::NoIp || conversion == Conversion::Mac ||
             conversion == Conversion::Uuid || conversion == Conversion::Email ||
             conversion == Conversion::Hex || conversion == Conversion::Leaf ||
             conversion == Conversion::Above;
    case AttributeKind::Real:
      return conversion == Conversion::Real || conversion == Conversion::Int;
    case AttributeKind::Object:
      return false;
    default:
      return conversion == default_conversion(kind);
  }
}

// Whether a constant is what an attribute of the type holds.
bool fits(const Constant& constant, const ocsf::AttributeType& type) {
  const auto* number = std::get_if<std::int64_t>(&constant.value);
  switch (type.kind) {
    case AttributeKind::Any:
      return true;
    case AttributeKind::Int:
    case AttributeKind::Port:
    case AttributeKind::Time:
      return number != nullptr &&
             (type.values.empty() || std::ranges::binary_search(type.values, *number));
    case AttributeKind::Bool:
      return std::holds_alternative<bool>(constant.value);
    case AttributeKind::Real:
      return number != nullptr || std::holds_alternative<double>(constant.value);
    case AttributeKind::Object:
      return false;
    default: {
      const auto* text = std::get_if<std::string>(&constant.value);
      return text != nullptr &&
             (type.words.empty() || std::ranges::binary_search(type.words, *text));
    }
  }
}

bool is_of_text(AttributeKind kind) {
  return kind != AttributeKind::Int && kind != AttributeKind::Port && kind != AttributeKind::Time &&
         kind != AttributeKind::Real && kind != AttributeKind::Bool;
}

// `text` as the type of attribute has it: a number where it holds numbers.
Result<Constant> constant_of(const Yaml& node, const std::string& text,
                             const ocsf::AttributeType& type) {
  Constant constant{text};
  if (!is_of_text(type.kind) || (type.kind == AttributeKind::Any && !node.is_quoted())) {
    const auto number = read_int(text);
    if (number) constant.value = *number;
    if (text == "true" || text == "false") constant.value = text == "true";
  }
  if (fits(constant, type)) return constant;
  if (type.values.empty())
    return node.error(fmt::format("'{}' is not of the attribute's type", text));
  return node.error(
      fmt::format("'{}' is none of its values: {}", text, fmt::join(type.values, ", ")));
}

std::vector<std::string> names_of(const std::map<std::string, std::uint32_t, std::less<>>& known) {
  std::vector<std::string> names;
  for (const auto& [name, number] : known) names.push_back(name);
  return names;
}

std::string with_nearest(std::string message, std::string_view word,
                         const std::vector<std::string>& names) {
  const auto near = nearest(word, names);
  return near.empty() ? message : fmt::format("{}; did you mean '{}'?", message, near);
}

}  // namespace

Status SourceReader::read_tables(const Yaml& node) {
  for (const auto& [name, rows] : node.members()) {
    if (!rows.is_map()) return rows.error(fmt::format("table '{}' maps texts to values", name));
    Table table;
    for (const auto& [text, value] : rows.members()) {
      const auto number = value.is_quoted() ? std::nullopt : read_int(value.scalar());
      const Constant constant = number ? Constant{*number} : Constant{value.scalar()};
      if (text.ends_with('*')) {
        table.prefixes.emplace_back(text.substr(0, text.size() - 1), constant);
      } else {
        table.rows[text] = constant;
      }
    }
    std::ranges::stable_sort(table.prefixes, std::ranges::greater(),
                             [](const auto& row) { return row.first.size(); });
    table_numbers_[name] = static_cast<std::uint32_t>(tables_.size());
    tables_.push_back(std::move(table));
  }
  return {};
}

Result<Operand> SourceReader::read_operand(const Yaml& path) {
  WINNOW_TRY(const std::string text, path.as_text());
  return read_operand(text, path);
}

JsonSelection::Path SourceReader::steps_of(std::string_view rest) const {
  JsonSelection::Path steps;
  while (!rest.empty()) {
    // A flat key ends only before the star of a list.
    const auto star = rest.find(kItems);
    const auto size = std::min(flat_keys_ ? star : rest.find('.'), rest.size());
    steps.emplace_back(rest.substr(0, size));
    rest.remove_prefix(std::min(size + 1, rest.size()));
  }
  return steps;
}

Result<std::uint32_t> SourceReader::number(const std::string& path,
                                           std::optional<std::uint32_t> field, const Yaml& at) {
  auto steps = steps_of(path);
  const auto next = static_cast<std::uint32_t>(paths_.size());
  const auto [known, is_new] = numbers_.try_emplace(steps, next);
  const auto first = field.value_or(known->second);
  if (!is_new) {
    if (same_as_[known->second] == first) return known->second;
    return at.error(fmt::format("'{}' is a path of two fields of 'shapes'", path));
  }
  if (paths_.size() == kMaxPaths) return at.error("a mapping reads at most 4000 paths");
  if (auto made = JsonSelection::of({&steps, 1}); !made)
    return at.error(std::string(made.error().message()));
  paths_.push_back(std::move(steps));
  same_as_.push_back(first);
  return next;
}

Result<std::vector<NestedText>> SourceReader::read_nested_texts(const Yaml& at) {
  std::vector<NestedText> texts;
  for (const auto form : {NestedText::Form::Json, NestedText::Form::EventData}) {
    const bool is_json = form == NestedText::Form::Json;
    for (const auto& path : is_json ? shapes_.json_texts() : shapes_.xml_texts()) {
      WINNOW_TRY(const auto column, number(path, std::nullopt, at));
      texts.push_back({{{std::nullopt, column}, path}, steps_of(path), form});
    }
  }
  return texts;
}

Result<Operand> SourceReader::read_operand(const std::string& text, const Yaml& at) {
  std::optional<std::uint32_t> first;
  for (const auto& form : shapes_.forms(text)) {
    WINNOW_TRY(const auto known, number(form, first, at));
    if (!first) first = known;
  }
  Operand operand{{std::nullopt, *first}, text};
  const auto& steps = paths_[*first];
  // Whether it is of a list is asked before the selection of all paths gives it its place.
  if (std::ranges::find(steps, "*") != steps.end()) operand.place.list = 0;
  return operand;
}

Result<Operand> SourceReader::read_part(const Yaml& node) {
  if (!node.is_map()) return read_operand(node);
  WINNOW_TRY(node.only({"from", "after", "before", "behind", "where"}));
  WINNOW_TRY(auto operand, read_operand(node["from"]));
  operand.after = node["after"].scalar();
  operand.before = node["before"].scalar();
  operand.behind = node["behind"].scalar();
  if (node.has("where")) {
    WINNOW_TRY(read_where(node["where"], operand));
  }
  return operand;
}

// {target.*.type: User}: the row of the same list that says so.
Status SourceReader::read_where(const Yaml& where, Operand& operand) {
  if (!where.is_map() || where.members().size() != 1)
    return where.error("'where' has one path of the list and its value: {list.*.kind: user}");
  const auto& [path, value] = where.members().front();
  WINNOW_TRY(const auto asked, read_operand(path, value));
  WINNOW_TRY(operand.row_is, value.as_text());
  const auto list_of = [](const std::string& written) {
    return written.substr(0, written.find(kItems));
  };
  const bool of_lists = asked.place.list && operand.place.list;
  if (!of_lists || list_of(path) != list_of(operand.path))
    return where.error(fmt::format("'{}' is not of the list of '{}'", path, operand.path));
  operand.row_where = asked.place;
  return {};
}

Status SourceReader::read_operands(const Yaml& node, Source& source) {
  constexpr std::pair<std::string_view, Source::How> kWays[] = {{"from", Source::How::First},
                                                                {"first", Source::How::First},
                                                                {"sum", Source::How::Sum},
                                                                {"join", Source::How::Join}};
  bool found = false;
  for (const auto& [key, how] : kWays) {
    if (!node.has(key)) continue;
    if (found) return node.error("it says twice where the value comes from");
    found = true;
    source.how = how;
    const auto& paths = node[key];
    if (paths.is_sequence()) {
      for (const auto& path : paths.items()) {
        WINNOW_TRY(source.operands.emplace_back(), read_part(path));
      }
    } else {
      WINNOW_TRY(source.operands.emplace_back(), read_operand(paths));
    }
  }
  if (source.operands.empty())
    return node.error("it names no path: 'from', 'first', 'sum' or 'join'");
  return {};
}

Status SourceReader::read_conversion(const Yaml& node, const ocsf::AttributeType& type,
                                     Source& source) {
  source.conversion = default_conversion(type.kind);
  source.as_millis = type.kind == AttributeKind::Time;
  source.is_texts = type.is_list;
  source.words = type.words;
  source.numbers = type.values;
  if (node.has("format")) return read_format(node, type, source);
  if (node.has("zone")) return node["zone"].error("a 'zone' is of a time with a 'format'");
  if (!node.has("as")) return {};
  WINNOW_TRY(const std::string name, node["as"].as_text());
  const auto conversion = conversion_named(name);
  if (!conversion) {
    return node["as"].error(
        with_nearest(fmt::format("there is no conversion '{}'", name), name, conversion_names()));
  }
  if (!fits(*conversion, type.kind))
    return node["as"].error(fmt::format("'{}' does not fit the attribute's type", name));
  source.conversion = *conversion;
  return {};
}

Status SourceReader::read_format(const Yaml& node, const ocsf::AttributeType& type,
                                 Source& source) {
  const bool is_time = type.kind == AttributeKind::Time || type.kind == AttributeKind::DateTime;
  if (!is_time || type.is_list) return node["format"].error("the attribute holds no time");
  if (node.has("as")) return node["as"].error("a time has 'as' or 'format', not both");
  std::vector<std::string> formats;
  if (node["format"].is_sequence()) {
    WINNOW_TRY(formats, node["format"].as_texts());
  } else {
    WINNOW_TRY(formats.emplace_back(), node["format"].as_text());
  }
  if (formats.empty() || formats.size() > kMaxFormats)
    return node["format"].error(fmt::format("a time has 1 to {} formats", kMaxFormats));
  ZoneRule zone;
  if (node.has("zone")) {
    WINNOW_TRY(zone, zones_.find(node["zone"]));
  }
  for (const auto& format : formats) {
    auto compiled = TimeFormat::compile(format, zone);
    if (!compiled) return node["format"].error(std::string(compiled.error().message()));
    source.formats.push_back(std::move(*compiled));
  }
  return {};
}

Status SourceReader::read_table(const Yaml& node, const ocsf::AttributeType& type,
                                Source& source) const {
  if (!node.has("table")) return {};
  WINNOW_TRY(const std::string name, node["table"].as_text());
  const auto known = table_numbers_.find(name);
  if (known == table_numbers_.end()) {
    return node["table"].error(
        with_nearest(fmt::format("there is no table '{}'", name), name, names_of(table_numbers_)));
  }
  source.table = known->second;
  const auto& table = tables_[known->second];
  auto rows = table.rows.items();
  rows.insert(rows.end(), table.prefixes.begin(), table.prefixes.end());
  for (const auto& [text, constant] : rows) {
    if (!fits(constant, type)) {
      return node["table"].error(
          fmt::format("what table '{}' has for '{}' is no value of the attribute", name, text));
    }
  }
  return {};
}

Result<Source> SourceReader::read(const Yaml& node, const ocsf::AttributeType& type) {
  Source source;
  if (type.kind == AttributeKind::Object) return node.error("an object is set by its members");
  if (node.is_scalar() && node.scalar().starts_with('=')) {
    source.how = Source::How::Constant;
    WINNOW_TRY(source.constant, constant_of(node, node.scalar().substr(1), type));
    source.is_texts = type.is_list && std::holds_alternative<std::string>(source.constant->value);
    source.separator = ',';
    return source;
  }
  if (node.is_map()) {
    WINNOW_TRY(
        node.only({"from", "first", "sum", "join", "value", "as", "format", "zone", "table", "else",
                   "separator", "after", "before", "behind", "where", "required", "maybe"}));
    if (node.has("value")) {
      source.how = Source::How::Constant;
      WINNOW_TRY(source.constant, constant_of(node["value"], node["value"].scalar(), type));
      return source;
    }
    WINNOW_TRY(read_operands(node, source));
    WINNOW_TRY(read_conversion(node, type, source));
    WINNOW_TRY(read_table(node, type, source));
    if (node.has("else")) {
      WINNOW_TRY(source.otherwise, constant_of(node["else"], node["else"].scalar(), type));
    }
    source.separator = node["separator"].scalar();
    for (auto& operand : source.operands) {
      if (node.has("where")) {
        WINNOW_TRY(read_where(node["where"], operand));
      }
      if (node.has("after")) operand.after = node["after"].scalar();
      if (node.has("before")) operand.before = node["before"].scalar();
      if (node.has("behind")) operand.behind = node["behind"].scalar();
    }
    source.is_lenient = node["maybe"].scalar() == "true";
  } else {
    WINNOW_TRY(source.operands.emplace_back(), read_operand(node));
    WINNOW_TRY(read_conversion(node, type, source));
  }
  const bool of_list = std::ranges::all_of(
      source.operands, [](const Operand& o) { return o.place.list.has_value() && !o.row_where; });
  if (of_list && type.is_list && source.how == Source::How::First) {
    source.how = Source::How::Each;
    if (source.conversion == Conversion::AsIs) source.conversion = Conversion::Text;
  }
  if (source.how == Source::How::Sum && source.conversion != Conversion::Int &&
      type.kind != AttributeKind::Any)
    return node.error("a sum is for an attribute that holds a whole number");
  return source;
}

Result<Source> SourceReader::read_time(const Yaml& node) {
  const ocsf::AttributeType type{AttributeKind::Time, false, {}};
  WINNOW_TRY(auto source, read(node, type));
  const bool is_read = source.how == Source::How::First || source.how == Source::How::Join;
  if (!is_read || source.table) return node.error("the time is read from fields of the record");
  return source;
}

}  // namespace winnow::mapping
