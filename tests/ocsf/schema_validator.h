// Checks an event's JSON against the compiled OCSF schema, as far as the schema says: required
// attributes, unknown ones, types, enumerations, lists, at-least-one rules.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace winnow::testing {

class OcsfSchema {
 public:
  // The schema 1.8.0 of the real data; nothing when that is absent.
  static std::optional<OcsfSchema> load();

  // What is wrong with the event, by path; empty when it is valid.
  std::vector<std::string> problems_of(const Json& event) const;
  // The recommended attributes of the class that the event lacks: information, not an error.
  std::vector<std::string> missing_recommended(const Json& event) const;

 private:
  explicit OcsfSchema(Json schema) : schema_(std::move(schema)) {}
  void check_object(const Json& value, const Json& definition, const std::string& path,
                    std::vector<std::string>& problems) const;
  void check_value(const Json& value, const Json& attribute, const std::string& path,
                   std::vector<std::string>& problems) const;
  void check_item(const Json& value, const Json& attribute, const std::string& path,
                  std::vector<std::string>& problems) const;
  const Json* class_of(const Json& event) const;

  Json schema_;
};

}  // namespace winnow::testing
