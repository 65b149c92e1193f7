#include "ocsf/class_schema.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/yaml.h"
#include "ocsf/detail/schema_table.h"
#include "ocsf/schema.h"

namespace winnow::ocsf {
namespace {

struct SchemaAttribute {
  AttributeType type;
  std::string object;  // of kind Object: its definition
  bool is_required = false;
};

// A class or an object.
struct Definition {
  std::map<std::string, SchemaAttribute, std::less<>> attributes;
  std::vector<std::string> any;
};

struct Schema {
  std::map<std::uint32_t, Definition> classes;
  std::map<std::string, Definition, std::less<>> objects;
};

std::string_view take_word(std::string_view& text, char end) {
  const auto size = std::min(text.find(end), text.size());
  const auto word = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return word;
}

template <typename Number>
Number number_of(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

AttributeKind kind_of(std::string_view type) {
  static const std::map<std::string_view, AttributeKind> kKinds = {
      {"integer_t", AttributeKind::Int},
      {"long_t", AttributeKind::Int},
      {"port_t", AttributeKind::Port},
      {"timestamp_t", AttributeKind::Time},
      {"float_t", AttributeKind::Real},
      {"boolean_t", AttributeKind::Bool},
      {"ip_t", AttributeKind::Ip},
      {"mac_t", AttributeKind::Mac},
      {"email_t", AttributeKind::Email},
      {"uuid_t", AttributeKind::Uuid},
      {"datetime_t", AttributeKind::DateTime},
      {"bytestring_t", AttributeKind::Bytes},
      {"json_t", AttributeKind::Any},
      {"object_t", AttributeKind::Object}};
  const auto found = kKinds.find(type);
  return found == kKinds.end() ? AttributeKind::Text : found->second;
}

// "ip ip_t", "answers @dns_answer[]", "cloud @cloud~cloud", "activity_id integer_t! 0,1,2".
void read_attribute(std::string_view line, Definition& definition) {
  auto& attribute = definition.attributes[std::string(take_word(line, ' '))];
  auto type = take_word(line, ' ');
  if (const auto profile = type.find('~'); profile != std::string_view::npos) {
    attribute.type.profile = type.substr(profile + 1);
    type = type.substr(0, profile);
  }
  if (type.ends_with('!')) {
    attribute.is_required = true;
    type.remove_suffix(1);
  }
  if (type.ends_with("[]")) {
    attribute.type.is_list = true;
    type.remove_suffix(2);
  }
  if (type.starts_with('@')) attribute.object = type.substr(1);
  // The object "object" is one of any members.
  const bool is_object = type.starts_with('@') && attribute.object != "object";
  attribute.type.kind = is_object               ? AttributeKind::Object
                        : type.starts_with('@') ? AttributeKind::Any
                                                : kind_of(type);
  if (line.starts_with('\'')) {
    line.remove_prefix(1);
    while (!line.empty()) attribute.type.words.emplace_back(take_word(line, ','));
  }
  while (!line.empty()) {
    attribute.type.values.push_back(number_of<std::int64_t>(take_word(line, ',')));
  }
}

Schema read_schema(std::string_view text) {
  Schema schema;
  Definition* current = nullptr;
  while (!text.empty()) {
    auto line = take_word(text, '\n');
    if (line.starts_with("  ? ")) {
      line.remove_prefix(4);
      while (!line.empty()) current->any.emplace_back(take_word(line, ' '));
    } else if (line.starts_with("  ")) {
      read_attribute(line.substr(2), *current);
    } else if (line.starts_with("class ")) {
      line.remove_prefix(6);
      current = &schema.classes[number_of<std::uint32_t>(take_word(line, ' '))];
    } else if (line.starts_with("object ")) {
      current = &schema.objects[std::string(line.substr(7))];
    }
  }
  return schema;
}

const Schema& schema() {
  static const Schema known = read_schema(schema_files().front().bytes);
  return known;
}

const Definition& definition_of(ClassUid class_uid) {
  const auto found = schema().classes.find(static_cast<std::uint32_t>(class_uid));
  ensure(found != schema().classes.end(), "scripts/ocsf-table writes every ClassUid");
  return found->second;
}

// Null for an object beyond the depth that the table reaches.
const Definition* definition_of(const SchemaAttribute& attribute) {
  const auto found = schema().objects.find(attribute.object);
  return found == schema().objects.end() ? nullptr : &found->second;
}

// What Event::json() adds to every event.
bool is_given(std::string_view path) {
  static const std::set<std::string_view> kGiven = {
      "activity_id", "category_uid", "class_uid", "time", "type_uid", "metadata.version"};
  return kGiven.contains(path);
}

// Where in a definition an attribute of this name stands, with the fewest steps; "": nowhere within
// so many.
std::string find_below(const Definition& where, std::string_view name, int steps) {
  if (where.attributes.contains(name)) return std::string(name);
  std::string best;
  for (const auto& [step, attribute] : where.attributes) {
    const auto* const below = steps > 1 ? definition_of(attribute) : nullptr;
    if (below == nullptr || attribute.type.is_list) continue;
    const auto found = find_below(*below, name, steps - 1);
    const auto is_nearer = [&] {
      return best.empty() || std::ranges::count(found, '.') + 1 < std::ranges::count(best, '.');
    };
    if (!found.empty() && is_nearer()) best = fmt::format("{}.{}", step, found);
  }
  return best;
}

// The nearest is a name that is written much like it, else one that stands deeper: of a network's
// activity 'actor.user' for 'user'. To find it takes a while.
std::string nearest_step(const Definition& where, std::string_view step) {
  constexpr int kDeepest = 3;
  std::vector<std::string> names;
  for (const auto& [name, attribute] : where.attributes) names.push_back(name);
  auto near = nearest(step, names);
  return near.empty() ? find_below(where, step, kDeepest) : near;
}

enum class Nearest : std::uint8_t { Tell, LeaveOut };

void require(const Definition& definition, const std::string& at, std::vector<Requirement>& out) {
  Requirement needed{.at = at, .all = {}, .any = {}};
  const auto below = [&](const std::string& name) { return at.empty() ? name : at + "." + name; };
  for (const auto& [name, attribute] : definition.attributes) {
    if (attribute.is_required && !is_given(below(name))) needed.all.push_back(below(name));
  }
  for (const auto& name : definition.any) needed.any.push_back(below(name));
  if (!needed.all.empty() || !needed.any.empty()) out.push_back(std::move(needed));
}

Result<AttributeType> find_type(ClassUid class_uid, std::string_view path, Nearest told) {
  const Definition* where = &definition_of(class_uid);
  std::string profile;
  for (auto rest = path;;) {
    const auto step = take_word(rest, '.');
    const auto found = where->attributes.find(step);
    if (found == where->attributes.end()) {
      auto error = Error(Code::NotFound, fmt::format("OCSF has no '{}' at '{}'", step, path));
      const auto near = told == Nearest::Tell ? nearest_step(*where, step) : std::string();
      if (near.empty()) return error;
      return std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
    }
    const auto& attribute = found->second;
    if (!attribute.type.profile.empty()) profile = attribute.type.profile;
    if (rest.empty()) {
      auto type = attribute.type;
      type.profile = profile;
      return type;
    }
    if (attribute.type.kind == AttributeKind::Any)
      return AttributeType{.values = {}, .profile = profile};
    if (attribute.type.is_list && take_word(rest, '.') != "0") {
      return Error(Code::NotFound,
                   fmt::format("'{}' is a list: '0' follows it in '{}'", step, path));
    }
    where = attribute.type.kind == AttributeKind::Object ? definition_of(attribute) : nullptr;
    if (where == nullptr || rest.empty()) {
      return Error(Code::NotFound, fmt::format("'{}' has no members in '{}'", step, path));
    }
  }
}

}  // namespace

Result<AttributeType> attribute_type(ClassUid class_uid, std::string_view path) {
  return find_type(class_uid, path, Nearest::Tell);
}

Status known_attribute(std::string_view path) {
  // How far a class follows the path, and what the classes that follow it furthest have there.
  std::size_t furthest = 0;
  std::set<std::string> names;
  std::optional<Error> refused;
  for (const auto& [number, definition] : schema().classes) {
    auto type = find_type(static_cast<ClassUid>(number), path, Nearest::LeaveOut);
    if (type) return {};
    const Definition* where = &definition;
    auto rest = path;
    std::size_t depth = 0;
    for (;; depth = path.size() - rest.size()) {
      auto behind = rest;
      const auto found = where->attributes.find(take_word(behind, '.'));
      if (found == where->attributes.end()) break;
      if (found->second.type.is_list && take_word(behind, '.') != "0") break;
      const auto* below = definition_of(found->second);
      if (below == nullptr) break;
      where = below;
      rest = behind;
    }
    if (refused && depth < furthest) continue;
    if (depth > furthest) names.clear();
    if (!refused || depth > furthest) refused = std::move(type).error();
    furthest = depth;
    for (const auto& [name, attribute] : where->attributes) names.insert(name);
  }
  const auto step = path.substr(furthest, path.find('.', furthest) - furthest);
  if (names.contains(std::string(step))) return std::move(*refused);  // it is not followed rightly
  auto error = Error(Code::NotFound, fmt::format("no class of OCSF has '{}' in '{}'", step, path));
  const auto near = nearest(step, std::vector(names.begin(), names.end()));
  if (near.empty()) return error;
  return std::move(error).with_hint(fmt::format("did you mean '{}{}{}'?", path.substr(0, furthest),
                                                near, path.substr(furthest + step.size())));
}

std::vector<Requirement> requirements(ClassUid class_uid, std::span<const std::string> paths) {
  std::vector<Requirement> needed;
  std::set<std::string> seen;
  require(definition_of(class_uid), "", needed);
  for (const auto& path : paths) {
    const Definition* where = &definition_of(class_uid);
    for (auto rest = std::string_view(path); where != nullptr && !rest.empty();) {
      const auto found = where->attributes.find(take_word(rest, '.'));
      if (found == where->attributes.end() || rest.empty()) break;
      if (found->second.type.is_list) take_word(rest, '.');
      const auto at = path.substr(0, path.size() - rest.size() - 1);
      where =
          found->second.type.kind == AttributeKind::Object ? definition_of(found->second) : nullptr;
      if (where != nullptr && !rest.empty() && seen.insert(at).second) require(*where, at, needed);
    }
  }
  std::ranges::stable_sort(needed, std::ranges::greater(), [](const Requirement& r) {
    return r.at.empty() ? 0 : std::ranges::count(r.at, '.') + 1;
  });
  return needed;
}

}  // namespace winnow::ocsf
