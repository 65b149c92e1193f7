#include "tests/ocsf/schema_validator.h"

#include <regex>

#include <fmt/format.h>

#include "store/compress.h"
#include "tests/support/support.h"

namespace winnow::testing {

std::optional<OcsfSchema> OcsfSchema::load() {
  const auto path = real_data("standards/ocsf-schema-1.8.0-compiled.json.zst");
  if (!path) return std::nullopt;
  const auto packed = read_file(*path, 16UL << 20);
  if (!packed) return std::nullopt;
  const auto text = decompress(*packed, 64UL << 20);
  if (!text) return std::nullopt;
  auto json = parse_json(*text);
  if (!json) return std::nullopt;
  return OcsfSchema(std::move(*json));
}

const Json* OcsfSchema::class_of(const Json& event) const {
  for (const auto& [name, definition] : schema_["classes"].members()) {
    if (definition["uid"].as_int() == event["class_uid"].as_int()) return &definition;
  }
  return nullptr;
}

namespace {

// An attribute of a profile counts only for events that name the profile, which ours do not.
bool of_profile(const Json& attribute) {
  return attribute["profiles"].size() > 0 || attribute["profile"].is_string();
}

bool has_type(const Json& value, std::string_view type) {
  if (type == "boolean_t") return value.is_bool();
  if (type == "integer_t" || type == "long_t") return value.is_int();
  if (type == "float_t") return value.is_number();
  if (type == "json_t") return true;
  return value.is_string();
}

}  // namespace

void OcsfSchema::check_item(const Json& value, const Json& attribute, const std::string& path,
                            std::vector<std::string>& problems) const {
  const auto& type = attribute["type"].as_string();
  if (type == "object_t") {
    const auto& name = attribute["object_type"].as_string();
    if (!value.is_object()) return void(problems.push_back(path + " is no object"));
    if (name == "object") return;  // anything: `unmapped`
    const auto* definition = schema_["objects"].find(name);
    if (definition == nullptr) return void(problems.push_back(path + ": no object " + name));
    return check_object(value, *definition, path, problems);
  }
  const auto& facts = schema_["dictionary"]["types"]["attributes"][type];
  const auto& base = facts["type"].is_string() ? facts["type"].as_string() : type;
  if (!has_type(value, base)) return void(problems.push_back(path + " is no " + type));
  if (facts["regex"].is_string()) {
    const std::regex pattern(facts["regex"].as_string());
    if (!std::regex_search(value.as_string(), pattern)) {
      problems.push_back(fmt::format("{} '{}' is no {}", path, value.as_string(), type));
    }
  }
  if (facts["range"].size() == 2) {
    const bool inside = value.as_int() >= facts["range"][0].as_int() &&
                        value.as_int() <= facts["range"][1].as_int();
    if (!inside) problems.push_back(path + " is out of range");
  }
  if (const auto* values = attribute.find("enum"); values != nullptr) {
    const auto key = value.is_int() ? std::to_string(value.as_int()) : value.as_string();
    if (values->find(key) == nullptr)
      problems.push_back(fmt::format("{} has no value {}", path, key));
  }
}

void OcsfSchema::check_value(const Json& value, const Json& attribute, const std::string& path,
                             std::vector<std::string>& problems) const {
  if (!attribute["is_array"].as_bool()) return check_item(value, attribute, path, problems);
  if (!value.is_array()) return void(problems.push_back(path + " is no list"));
  for (std::size_t i = 0; i < value.size(); ++i) {
    check_item(value[i], attribute, fmt::format("{}[{}]", path, i), problems);
  }
}

void OcsfSchema::check_object(const Json& value, const Json& definition, const std::string& path,
                              std::vector<std::string>& problems) const {
  const auto& attributes = definition["attributes"];
  for (const auto& [name, inner] : value.members()) {
    const auto inner_path = path.empty() ? name : path + "." + name;
    const auto* attribute = attributes.find(name);
    if (attribute == nullptr) {
      problems.push_back(inner_path + " is unknown");
    } else {
      check_value(inner, *attribute, inner_path, problems);
    }
  }
  for (const auto& [name, attribute] : attributes.members()) {
    const bool required =
        attribute["requirement"].as_string() == "required" && !of_profile(attribute);
    if (required && value.find(name) == nullptr)
      problems.push_back(path + "." + name + " is required");
  }
  const auto& one_of = definition["constraints"]["at_least_one"];
  bool any = one_of.size() == 0;
  for (const auto& name : one_of.items()) any = any || value.find(name.as_string()) != nullptr;
  if (!any) problems.push_back(path + " has none of " + to_text(one_of));
}

std::vector<std::string> OcsfSchema::problems_of(const Json& event) const {
  std::vector<std::string> problems;
  const auto* definition = class_of(event);
  if (definition == nullptr) return {"unknown class_uid"};
  check_object(event, *definition, "", problems);
  if (event["metadata"]["version"].as_string() != schema_["version"].as_string()) {
    problems.push_back("metadata.version is not that of the schema");
  }
  return problems;
}

std::vector<std::string> OcsfSchema::missing_recommended(const Json& event) const {
  std::vector<std::string> missing;
  const auto* definition = class_of(event);
  if (definition == nullptr) return missing;
  for (const auto& [name, attribute] : (*definition)["attributes"].members()) {
    const bool recommended =
        attribute["requirement"].as_string() == "recommended" && !of_profile(attribute);
    if (recommended && event.find(name) == nullptr) missing.push_back(name);
  }
  return missing;
}

}  // namespace winnow::testing
