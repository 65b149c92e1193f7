#include "ingest/mapping/detail/mapping_reader.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ocsf/schema.h"

namespace winnow::mapping {
namespace {

using ocsf::Attribute;

constexpr std::size_t kMaxEvents = 500;
const ocsf::AttributeType kAnything = {ocsf::AttributeKind::Any, false, {}};
const ocsf::AttributeType kTexts = {ocsf::AttributeKind::Any, true, {}};

constexpr std::pair<std::string_view, ocsf::EntityKind> kEntityKinds[] = {
    {"user", ocsf::EntityKind::User},
    {"host", ocsf::EntityKind::Host},
    {"ip", ocsf::EntityKind::Ip},
    {"mailbox", ocsf::EntityKind::Mailbox},
    {"domain", ocsf::EntityKind::Domain},
    {"file_hash", ocsf::EntityKind::FileHash},
    {"cloud_principal", ocsf::EntityKind::CloudPrincipal}};
constexpr std::pair<std::string_view, ocsf::Role> kRoles[] = {{"actor", ocsf::Role::Actor},
                                                              {"target", ocsf::Role::Target},
                                                              {"source", ocsf::Role::Source},
                                                              {"mentioned", ocsf::Role::Mentioned}};

Error with_nearest(const Yaml& at, std::string message, std::string_view word,
                   const std::vector<std::string>& names) {
  const auto near = nearest(word, names);
  return at.error(near.empty() ? message : fmt::format("{}; did you mean '{}'?", message, near));
}

template <typename Rows>
std::vector<std::string> names_of(const Rows& rows) {
  std::vector<std::string> names;
  for (const auto& [name, value] : rows) names.emplace_back(name);
  return names;
}

// Blocks and an event of the YAML, laid over each other: what stands later wins.
struct Layers {
  std::vector<std::pair<std::string, const Yaml*>> set;    // in the order of first sight
  std::vector<std::pair<std::string, const Yaml*>> lists;  // likewise
  std::vector<const Yaml*> unmapped, entities;             // their items

  static void lay(const Yaml& over, std::vector<std::pair<std::string, const Yaml*>>& onto) {
    for (const auto& [name, value] : over.members()) {
      const auto known = std::ranges::find(onto, name, &std::pair<std::string, const Yaml*>::first);
      if (known == onto.end()) {
        onto.emplace_back(name, &value);
      } else {
        known->second = &value;
      }
    }
  }
  void lay(const Yaml& layer) {
    lay(layer["set"], set);
    lay(layer["lists"], lists);
    for (const auto& item : layer["unmapped"].items()) unmapped.push_back(&item);
    for (const auto& item : layer["entities"].items()) entities.push_back(&item);
  }
};

class EventReader {
 public:
  EventReader(const std::string& mapping, const Yaml& yaml, const Yaml& root, SourceReader& sources)
      : mapping_(mapping), yaml_(yaml), root_(root), sources_(sources) {}

  Result<EventProgram> read();
  MappedEvent described() const {
    return {name_,
            class_uid_,
            {attribute_paths_.begin(), attribute_paths_.end()},
            {unmapped_paths_.begin(), unmapped_paths_.end()}};
  }

 private:
  Status read_class();
  Status read_layers();
  Status read_set();
  Status name_profiles();
  Result<std::vector<Assignment>> read_row(const std::string& attribute, const Yaml& set);
  Status read_list(const std::string& attribute, const Yaml& list);
  Status read_unmapped();
  Status read_entity(const Yaml& entity);
  Status assign(const std::string& path, Source source, bool is_required);
  Status check_nesting() const;
  Status check_objects();
  std::optional<std::uint32_t> assignment(std::string_view path) const;

  const std::string& mapping_;
  const Yaml& yaml_;
  const Yaml& root_;
  SourceReader& sources_;
  Layers layers_;
  EventProgram program_;
  std::vector<std::string> paths_;  // by assignment
  std::set<std::string> profiles_;
  std::string name_;
  ocsf::ClassUid class_uid_ = ocsf::ClassUid::BaseEvent;
  std::set<std::string> attribute_paths_, unmapped_paths_;
};

Status EventReader::read_class() {
  WINNOW_TRY(program_.name, yaml_["event"].as_text());
  WINNOW_TRY(const std::string name, yaml_["class"].as_text());
  const auto class_uid = ocsf::class_named(name);
  if (!class_uid) {
    return with_nearest(yaml_["class"], fmt::format("there is no class '{}'", name), name,
                        ocsf::class_names());
  }
  program_.class_uid = class_uid_ = *class_uid;
  name_ = program_.name;
  return {};
}

Status EventReader::read_layers() {
  const auto& blocks = root_["blocks"];
  WINNOW_TRY(const auto used, yaml_.has("use")
                                  ? yaml_["use"].as_texts()
                                  : Result<std::vector<std::string>>(std::vector<std::string>()));
  for (const auto& name : used) {
    if (!blocks.has(name)) {
      return with_nearest(yaml_["use"], fmt::format("there is no block '{}'", name), name,
                          names_of(blocks.members()));
    }
    layers_.lay(blocks[name]);
  }
  layers_.lay(yaml_);
  return {};
}

std::optional<std::uint32_t> EventReader::assignment(std::string_view path) const {
  const auto found = std::ranges::find(paths_, path);
  if (found == paths_.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - paths_.begin());
}

Status EventReader::assign(const std::string& path, Source source, bool is_required) {
  const auto spare = path.starts_with("unmapped.") ? path : fmt::format("unmapped.{}", path);
  program_.assignments.push_back(
      {Attribute::of(path), Attribute::of(spare), std::move(source), is_required});
  paths_.push_back(path);
  return {};
}

Status EventReader::read_set() {
  const auto& product = root_["product"];
  for (const auto& [key, path] : {std::pair("name", "metadata.product.name"),
                                  std::pair("vendor", "metadata.product.vendor_name")}) {
    Source source{.how = Source::How::Constant};
    source.constant = Constant{product[key].scalar()};
    if (product.has(key)) {
      WINNOW_TRY(assign(path, std::move(source), false));
    }
  }
  for (const auto& [path, value] : layers_.set) {
    if (value->is_null()) continue;
    auto type = ocsf::attribute_type(program_.class_uid, path);
    if (!type) return value->error(type.error().text());
    WINNOW_TRY(auto source, sources_.read(*value, *type));
    for (const auto& operand : source.operands) attribute_paths_.insert(operand.path);
    const bool is_required = value->is_map() && (*value)["required"].scalar() == "true";
    if (is_required && source.operands.empty()) return value->error("a constant is always there");
    WINNOW_TRY(assign(path, std::move(source), is_required));
    if (!type->profile.empty()) profiles_.insert(type->profile);
  }
  return {};
}

// An event names the profiles of its attributes.
Status EventReader::name_profiles() {
  if (profiles_.empty()) return {};
  Source source{.how = Source::How::Constant};
  source.constant = Constant{fmt::format("{}", fmt::join(profiles_, ","))};
  source.is_texts = true;
  source.separator = ',';
  return assign("metadata.profiles", std::move(source), false);
}

// The fields of one record of the list `attribute`.
Result<std::vector<Assignment>> EventReader::read_row(const std::string& attribute,
                                                      const Yaml& set) {
  std::vector<std::string> required;
  const std::string member = attribute + ".0.x";
  for (const auto& needed : ocsf::requirements(program_.class_uid, {&member, 1})) {
    if (needed.at == attribute + ".0" || needed.at == attribute) required = needed.all;
  }
  std::vector<Assignment> fields;
  for (const auto& [name, value] : set.members()) {
    auto type = ocsf::attribute_type(program_.class_uid, fmt::format("{}.0.{}", attribute, name));
    if (!type) return value.error(type.error().text());
    WINNOW_TRY(auto source, sources_.read(value, *type));
    for (const auto& operand : source.operands) attribute_paths_.insert(operand.path);
    const auto needed = std::ranges::find_if(required, [&](const std::string& path) {
      return path.ends_with(fmt::format(".{}", name));
    });
    const bool is_required = needed != required.end();
    if (is_required) required.erase(needed);
    fields.push_back({Attribute::of(name), Attribute::of(fmt::format("unmapped.{}", name)),
                      std::move(source), is_required});
  }
  if (!required.empty()) return set.error(fmt::format("nothing sets '{}'", required.front()));
  return fields;
}

Status EventReader::read_list(const std::string& attribute, const Yaml& list) {
  WINNOW_TRY(list.only({"each", "set", "rows"}));
  auto type = ocsf::attribute_type(program_.class_uid, attribute);
  if (!type) return list.error(type.error().text());
  if (!type->is_list || type->kind != ocsf::AttributeKind::Object)
    return list.error(fmt::format("'{}' is no list of objects", attribute));
  if (list.has("rows") == list.has("each"))
    return list.error("a list has 'each' with 'set', or 'rows'");
  RecordList made{Attribute::of(attribute), std::nullopt, {}};
  for (const auto& row : list["rows"].items()) {
    WINNOW_TRY(made.fields.emplace_back(), read_row(attribute, row));
  }
  if (list.has("each")) {
    WINNOW_TRY(made.rows, sources_.read_operand(list["each"]));
    if (!made.rows->place.list)
      return list["each"].error("the rows of a list: its path ends with '.*'");
    WINNOW_TRY(made.fields.emplace_back(), read_row(attribute, list["set"]));
  }
  program_.lists.push_back(std::move(made));
  return {};
}

// "tags.*" goes to unmapped.NAME.tags.
Status EventReader::read_unmapped() {
  for (const auto* item : layers_.unmapped) {
    WINNOW_TRY(const std::string path, item->as_text());
    const bool is_list = path.ends_with(".*");
    const auto name = is_list ? path.substr(0, path.size() - 2) : path;
    if (name.find('*') != std::string::npos)
      return item->error("of a list of objects nothing can go to 'unmapped'");
    const auto attribute = fmt::format("unmapped.{}.{}", mapping_, name);
    if (assignment(attribute)) continue;
    WINNOW_TRY(auto source, sources_.read(*item, is_list ? kTexts : kAnything));
    unmapped_paths_.insert(path);
    WINNOW_TRY(assign(attribute, std::move(source), false));
  }
  return {};
}

Status EventReader::read_entity(const Yaml& entity) {
  const auto kind =
      std::ranges::find_if(kEntityKinds, [&](const auto& row) { return entity.has(row.first); });
  if (kind == std::end(kEntityKinds) || entity.members().size() != 2 || !entity.has("role"))
    return entity.error(
        "an entity is its kind with an attribute, and its role: {ip: src_endpoint.ip, role: "
        "source}");
  WINNOW_TRY(const std::string role_name, entity["role"].as_text());
  const auto role =
      std::ranges::find(kRoles, role_name, &std::pair<std::string_view, ocsf::Role>::first);
  if (role == std::end(kRoles)) {
    return with_nearest(entity["role"], fmt::format("there is no role '{}'", role_name), role_name,
                        names_of(kRoles));
  }
  WINNOW_TRY(const std::string path, entity[kind->first].as_text());
  const auto number = assignment(path);
  if (!number) {
    return with_nearest(entity[kind->first], fmt::format("the event sets no '{}'", path), path,
                        paths_);
  }
  program_.entities.push_back({kind->second, role->second, *number});
  return {};
}

// No attribute of an event is set twice, whatever the record: also not where values go that an
// object cannot hold, nor what every run may add. One is a value or holds others, not both.
Status EventReader::check_nesting() const {
  std::set<std::string> all = {"metadata.is_truncated", "unmapped.unreadable"};
  std::vector<std::string> set = paths_;
  for (const auto& list : program_.lists) set.emplace_back(list.attribute.path());
  for (const auto& assignment : program_.assignments) {
    if (assignment.spare != assignment.attribute) set.emplace_back(assignment.spare.path());
  }
  for (const auto& path : set) {
    if (!all.insert(path).second) return yaml_.error(fmt::format("'{}' is set twice", path));
  }
  for (const auto& path : all) {
    const auto next = all.upper_bound(fmt::format("{}.", path));
    if (next != all.end() && next->starts_with(fmt::format("{}.", path)))
      return yaml_.error(fmt::format("'{}' is set, and '{}' within it", path, *next));
  }
  return {};
}

Status EventReader::check_objects() {
  std::vector<std::string> all = paths_;
  for (const auto& list : program_.lists) all.emplace_back(list.attribute.path());
  const auto below = [](std::string_view path, const std::string& object) {
    return object.empty() || path == object ||
           (path.starts_with(object) && path[object.size()] == '.');
  };
  const auto need_of = [&](std::string name, const std::vector<std::string>& one_of) {
    ObjectCheck::Need need{std::move(name), {}};
    bool always = false;
    for (std::uint32_t i = 0; i < paths_.size(); ++i) {
      const auto& source = program_.assignments[i].source;
      const bool counts =
          std::ranges::any_of(one_of, [&](const auto& path) { return below(paths_[i], path); });
      if (!counts) continue;
      need.numbers.push_back(i);
      // A constant within a deeper object may go with that object.
      const bool direct = std::ranges::find(one_of, paths_[i]) != one_of.end();
      always = always || (direct && (source.constant || source.otherwise));
    }
    if (always) need.numbers.clear();
    return std::pair(std::move(need), always);
  };
  for (const auto& required : ocsf::requirements(program_.class_uid, all)) {
    ObjectCheck check{required.at, {}, {}};
    const auto add = [&](const std::string& name,
                         const std::vector<std::string>& one_of) -> Status {
      const bool by_list = std::ranges::any_of(program_.lists, [&](const auto& list) {
        return std::ranges::any_of(
            one_of, [&](const auto& path) { return below(list.attribute.path(), path); });
      });
      auto [need, always] = need_of(name, one_of);
      if (always || by_list) return {};
      if (need.numbers.empty()) {
        return yaml_.error(fmt::format("'{}' needs '{}', which nothing sets",
                                       required.at.empty() ? yaml_["class"].scalar() : required.at,
                                       name));
      }
      check.needs.push_back(std::move(need));
      return {};
    };
    for (const auto& path : required.all) {
      WINNOW_TRY(add(path, {path}));
    }
    if (!required.any.empty()) {
      WINNOW_TRY(add(fmt::format("{}", fmt::join(required.any, ", ")), required.any));
    }
    for (std::uint32_t i = 0; i < paths_.size(); ++i) {
      if (below(paths_[i], required.at)) check.members.push_back(i);
    }
    if (!check.needs.empty()) program_.checks.push_back(std::move(check));
  }
  return {};
}

Status read_conditions(const Yaml& when, SourceReader& sources, std::vector<Condition>& out) {
  WINNOW_TRY(when.only({"is", "has", "lacks"}));
  for (const auto& [path, values] : when["is"].members()) {
    Condition condition{Condition::Asks::Is, {}, {}};
    WINNOW_TRY(condition.operand, sources.read_operand(path, values));
    if (values.is_sequence()) {
      WINNOW_TRY(condition.values, values.as_texts());
    } else {
      WINNOW_TRY(condition.values.emplace_back(), values.as_text());
    }
    out.push_back(std::move(condition));
  }
  for (const auto& [key, asks] :
       {std::pair("has", Condition::Asks::Has), std::pair("lacks", Condition::Asks::Lacks)}) {
    for (const auto& path : when[key].items()) {
      Condition condition{asks, {}, {}};
      WINNOW_TRY(condition.operand, sources.read_operand(path));
      out.push_back(std::move(condition));
    }
  }
  return {};
}

Result<EventProgram> EventReader::read() {
  WINNOW_TRY(yaml_.only(
      {"event", "when", "class", "use", "time", "set", "lists", "unmapped", "entities"}));
  WINNOW_TRY(read_class());
  if (yaml_["when"].is_sequence()) {
    for (const auto& way : yaml_["when"].items()) {
      WINNOW_TRY(read_conditions(way, sources_, program_.when.emplace_back()));
    }
  } else {
    WINNOW_TRY(read_conditions(yaml_["when"], sources_, program_.when.emplace_back()));
  }
  WINNOW_TRY(program_.time, sources_.read_time(yaml_.has("time") ? yaml_["time"] : root_["time"]));
  for (const auto& operand : program_.time.operands) attribute_paths_.insert(operand.path);
  WINNOW_TRY(read_layers());
  WINNOW_TRY(read_set());
  WINNOW_TRY(name_profiles());
  for (const auto& [attribute, list] : layers_.lists) {
    if (!list->is_null()) {
      WINNOW_TRY(read_list(attribute, *list));
    }
  }
  WINNOW_TRY(read_unmapped());
  for (const auto* entity : layers_.entities) {
    WINNOW_TRY(read_entity(*entity));
  }
  WINNOW_TRY(check_nesting());
  WINNOW_TRY(check_objects());
  return std::move(program_);
}

// Every operand of the program, for which `visit` is called.
template <typename Visit>
void for_each_operand(Program& program, const Visit& visit) {
  const auto of_source = [&](Source& source) { std::ranges::for_each(source.operands, visit); };
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
    for (auto& [value, candidates] : program.cases) {
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
    EventReader reader(name, event, yaml, sources);
    WINNOW_TRY(auto program, reader.read());
    if (!names.insert(program.name).second)
      return event.error(fmt::format("a second event '{}'", program.name));
    made.events.push_back(reader.described());
    made.program.events.push_back(std::move(program));
  }
  return {};
}

}  // namespace

Result<ReadMapping> read_mapping(const Yaml& yaml) {
  if (!yaml.is_map()) return yaml.error("a mapping is a map that begins with 'mapping: NAME'");
  WINNOW_TRY(yaml.only({"mapping", "title", "format", "keys", "product", "recognise", "absent",
                        "time", "tables", "blocks", "events", "examples"}));
  ReadMapping made;
  WINNOW_TRY(made.name, yaml["mapping"].as_text());
  const bool is_name = !made.name.empty() && std::ranges::all_of(made.name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!is_name) return yaml["mapping"].error("a mapping's name has small letters, digits and '_'");
  WINNOW_TRY(made.title, yaml["title"].as_text());
  const auto& format = yaml["format"].scalar();
  if (format != "json" && format != "json or tsv")
    return (yaml.has("format") ? yaml["format"] : yaml)
        .error("the format is 'json' or 'json or tsv'");
  made.format = format == "json" ? LogFormat::Json : LogFormat::JsonOrTsv;
  const auto& keys = yaml["keys"].scalar();
  if (yaml.has("keys") && keys != "flat" && keys != "nested")
    return yaml["keys"].error("keys are 'nested' or 'flat'");
  for (const auto& [name, block] : yaml["blocks"].members()) {
    WINNOW_TRY(block.only({"set", "lists", "unmapped", "entities"}));
  }
  WINNOW_TRY(yaml["product"].is_map() ? yaml["product"].only({"name", "vendor"})
                                      : Status(yaml.error("a mapping names its 'product'")));
  SourceReader sources(keys == "flat");
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
  WINNOW_TRY(made.program.selection, JsonSelection::of(made.program.paths));
  for_each_operand(made.program, [&](Operand& operand) {
    operand.place = made.program.selection.place(operand.place.column);
  });
  choose_switch(made.program);
  return made;
}

}  // namespace winnow::mapping
