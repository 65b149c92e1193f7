#include "ingest/mapping/detail/event_reader.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ingest/mapping/detail/conversion.h"
#include "ingest/mapping/detail/steps.h"
#include "ocsf/schema.h"

namespace winnow::mapping {
namespace {

using ocsf::Attribute;

const ocsf::AttributeType kAnything = {ocsf::AttributeKind::Any, false, {}};
const ocsf::AttributeType kTexts = {ocsf::AttributeKind::Any, true, {}};

constexpr std::pair<std::string_view, ocsf::EntityKind> kEntityKinds[] = {
    {"user", ocsf::EntityKind::User},
    {"host", ocsf::EntityKind::Host},
    {"ip", ocsf::EntityKind::Ip},
    {"mailbox", ocsf::EntityKind::Mailbox},
    {"domain", ocsf::EntityKind::Domain},
    {"file_hash", ocsf::EntityKind::FileHash},
    {"cloud_principal", ocsf::EntityKind::CloudPrincipal},
    {"process", ocsf::EntityKind::Process},
    {"session", ocsf::EntityKind::Session}};
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
  // What the record calls as the event does.
  void lay_same(const Yaml& paths) {
    for (const auto& path : paths.items()) {
      const auto known =
          std::ranges::find(set, path.scalar(), &std::pair<std::string, const Yaml*>::first);
      if (known == set.end()) set.emplace_back(path.scalar(), &path);
    }
  }
  void lay(const Yaml& layer) {
    lay_same(layer["same"]);
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
    return {name_, class_uid_, attribute_paths_, {unmapped_paths_.begin(), unmapped_paths_.end()}};
  }

 private:
  Status read_class();
  Status read_layers();
  Status read_set();
  Status name_profiles();
  Status read_row(const std::string& attribute, const Yaml& set, RecordList& list);
  Status read_list(const std::string& attribute, const Yaml& list);
  Status read_unmapped();
  Status read_entity(const Yaml& entity);
  bool name_row_entity(ocsf::EntityKind kind, ocsf::Role role, std::string_view path);
  Status assign(const std::string& path, Source source, bool is_required);
  std::string set_within(std::string_view object) const;
  Status check_nesting() const;
  Status check_objects();
  std::optional<std::uint32_t> assignment(std::string_view path) const;
  void note(const Source& source, std::string_view attribute);

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
  std::map<std::string, ReadPath, std::less<>> attribute_paths_;
  std::set<std::string> unmapped_paths_;
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

// For who asks what of a record is read, and for which attribute: also where other shapes keep it.
void EventReader::note(const Source& source, std::string_view attribute) {
  for (const auto& operand : source.operands) {
    for (auto& form : sources_.forms(operand)) {
      auto& read = attribute_paths_[std::move(form)];
      read.field = operand.path;
      const bool is_new = std::ranges::find(read.attributes, attribute) == read.attributes.end();
      if (is_new) read.attributes.emplace_back(attribute);
    }
  }
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
    note(source, path);
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

// The fields of one record of the list `attribute`, and what its object needs of them.
Status EventReader::read_row(const std::string& attribute, const Yaml& set, RecordList& list) {
  std::vector<std::string> required, any;
  const std::string member = attribute + ".0.x";
  for (const auto& needed : ocsf::requirements(program_.class_uid, {&member, 1})) {
    if (needed.at != attribute + ".0" && needed.at != attribute) continue;
    required = needed.all;
    any = needed.any;
  }
  const auto is_among = [](const std::vector<std::string>& paths, const std::string& name) {
    return std::ranges::find_if(
        paths, [&](const std::string& path) { return path.ends_with(fmt::format(".{}", name)); });
  };
  std::vector<std::uint32_t> one_of;
  bool has_any = any.empty();
  std::vector<Assignment> fields;
  for (const auto& [name, value] : set.members()) {
    auto type = ocsf::attribute_type(program_.class_uid, fmt::format("{}.0.{}", attribute, name));
    if (!type) return value.error(type.error().text());
    WINNOW_TRY(auto source, sources_.read(value, *type));
    note(source, fmt::format("{}.*.{}", attribute, name));
    const auto needed = is_among(required, name);
    const bool is_required = needed != required.end();
    if (is_required) required.erase(needed);
    // A member of an object stands for the object.
    if (is_among(any, name.substr(0, name.find('.'))) != any.end()) {
      has_any = true;
      one_of.push_back(static_cast<std::uint32_t>(fields.size()));
    }
    fields.push_back({Attribute::of(name), Attribute::of(fmt::format("unmapped.{}", name)),
                      std::move(source), is_required});
  }
  if (!required.empty()) return set.error(fmt::format("nothing sets '{}'", required.front()));
  if (!has_any) return set.error(fmt::format("nothing sets one of {}", fmt::join(any, ", ")));
  list.fields.push_back(std::move(fields));
  list.one_of.push_back(std::move(one_of));
  return {};
}

Status EventReader::read_list(const std::string& attribute, const Yaml& list) {
  WINNOW_TRY(list.only({"each", "set", "rows"}));
  auto type = ocsf::attribute_type(program_.class_uid, attribute);
  if (!type) return list.error(type.error().text());
  if (!type->is_list || type->kind != ocsf::AttributeKind::Object)
    return list.error(fmt::format("'{}' is no list of objects", attribute));
  if (list.has("rows") == list.has("each"))
    return list.error("a list has 'each' with 'set', or 'rows'");
  RecordList made{Attribute::of(attribute), std::nullopt, {}, {}};
  for (const auto& row : list["rows"].items()) {
    WINNOW_TRY(read_row(attribute, row, made));
  }
  if (list.has("each")) {
    WINNOW_TRY(made.rows, sources_.read_operand(list["each"]));
    if (!made.rows->place.list)
      return list["each"].error("the rows of a list: its path ends with '.*'");
    WINNOW_TRY(read_row(attribute, list["set"], made));
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
    for (const auto& operand : source.operands)
      for (auto& form : sources_.forms(operand)) unmapped_paths_.insert(std::move(form));
    WINNOW_TRY(assign(attribute, std::move(source), false));
  }
  return {};
}

// "file.hashes.2.value": of the third row of the list `file.hashes`; "answers.*.rdata": of each.
bool EventReader::name_row_entity(ocsf::EntityKind kind, ocsf::Role role, std::string_view path) {
  for (auto& list : program_.lists) {
    const auto at = fmt::format("{}.", list.attribute.path());
    if (!path.starts_with(at)) continue;
    const auto rest = path.substr(at.size());
    const auto row_text = rest.substr(0, rest.find('.'));
    const auto member = rest.substr(std::min(row_text.size() + 1, rest.size()));
    const auto row = row_text == "*" ? std::nullopt : read_int(row_text);
    const auto number = static_cast<std::size_t>(row.value_or(0));
    const bool of_each = row_text == "*";
    if (of_each != list.rows.has_value() || (!of_each && !row) || number >= list.fields.size())
      return false;
    for (std::size_t i = 0; i < list.fields[number].size(); ++i) {
      if (list.fields[number][i].attribute.path() != member) continue;
      list.entities.push_back({kind, role, row ? std::optional(number) : std::nullopt, i});
      return true;
    }
  }
  return false;
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
  const auto& named = entity[kind->first];
  std::vector<std::string> paths;
  if (named.is_sequence()) {
    WINNOW_TRY(paths, named.as_texts());
  } else {
    WINNOW_TRY(paths.emplace_back(), named.as_text());
  }
  if (paths.size() == 1 && name_row_entity(kind->second, role->second, paths.front())) return {};
  EntityName name{kind->second, role->second, {}};
  for (const auto& path : paths) {
    const auto number = assignment(path);
    if (!number)
      return with_nearest(named, fmt::format("the event sets no '{}'", path), path, paths_);
    name.assignments.push_back(*number);
  }
  if (name.assignments.empty()) return named.error("an entity without an attribute");
  program_.entities.push_back(std::move(name));
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

// For people: what is set within the object, or at the top of the event.
std::string EventReader::set_within(std::string_view object) const {
  std::set<std::string> names;
  const auto add = [&](std::string_view path) {
    if (path.starts_with("metadata.") || path.starts_with("unmapped.")) return;
    if (!object.empty()) {
      if (!path.starts_with(object) || path.substr(object.size(), 1) != ".") return;
      path.remove_prefix(object.size() + 1);
    }
    names.emplace(path.substr(0, path.find('.')));
  };
  for (const auto& path : paths_) add(path);
  for (const auto& list : program_.lists) add(list.attribute.path());
  return names.empty() ? "nothing there" : fmt::format("{}", fmt::join(names, ", "));
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
    ObjectCheck check{required.at, {}, {}, {}};
    const auto add = [&](const std::string& name,
                         const std::vector<std::string>& one_of) -> Status {
      const bool by_list = std::ranges::any_of(program_.lists, [&](const auto& list) {
        return std::ranges::any_of(
            one_of, [&](const auto& path) { return below(list.attribute.path(), path); });
      });
      auto [need, always] = need_of(name, one_of);
      if (always || by_list) return {};
      if (need.numbers.empty()) {
        return yaml_.error(fmt::format("'{}' needs {}'{}', which nothing sets; it sets {}",
                                       required.at.empty() ? yaml_["class"].scalar() : required.at,
                                       one_of.size() > 1 ? "one of " : "", name,
                                       set_within(required.at)));
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

Result<EventProgram> EventReader::read() {
  WINNOW_TRY(yaml_.only(
      {"event", "when", "class", "use", "time", "same", "set", "lists", "unmapped", "entities"}));
  WINNOW_TRY(read_class());
  if (yaml_["when"].is_sequence()) {
    for (const auto& way : yaml_["when"].items()) {
      WINNOW_TRY(read_conditions(way, sources_, program_.when.emplace_back()));
    }
  } else {
    WINNOW_TRY(read_conditions(yaml_["when"], sources_, program_.when.emplace_back()));
  }
  const auto& time = yaml_.has("time") ? yaml_["time"] : root_["time"];
  if (time.is_null())
    return yaml_.error("neither the event nor its mapping says where the 'time' stands");
  WINNOW_TRY(program_.time, sources_.read_time(time));
  note(program_.time, "time");
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

}  // namespace

Status read_conditions(const Yaml& when, SourceReader& sources, std::vector<Condition>& out) {
  WINNOW_TRY(when.only({"is", "not", "has", "lacks"}));
  for (const auto& [key, asks] :
       {std::pair("is", Condition::Asks::Is), std::pair("not", Condition::Asks::Not)}) {
    for (const auto& [path, values] : when[key].members()) {
      Condition condition{asks, {}, {}};
      WINNOW_TRY(condition.operand, sources.read_operand(path, values));
      if (values.is_sequence()) {
        WINNOW_TRY(condition.values, values.as_texts());
      } else {
        WINNOW_TRY(condition.values.emplace_back(), values.as_text());
      }
      out.push_back(std::move(condition));
    }
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

Result<ReadEvent> read_event(const std::string& mapping, const Yaml& event, const Yaml& root,
                             SourceReader& sources) {
  EventReader reader(mapping, event, root, sources);
  WINNOW_TRY(auto program, reader.read());
  return ReadEvent{std::move(program), reader.described()};
}

}  // namespace winnow::mapping
