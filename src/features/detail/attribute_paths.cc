#include "features/detail/attribute_paths.h"

#include <fmt/format.h>

#include "ocsf/class_schema.h"

namespace winnow::features {
namespace {

Status check(const Yaml& node, const std::string& path) {
  const auto known = ocsf::known_attribute(path);
  return known ? known : Status(node.error(known.error().text()));
}

// "text src_endpoint.ip"
std::string path_of(const Yaml& column) {
  const auto& text = column.scalar();
  return text.substr(text.find(' ') + 1);
}

}  // namespace

Status check_attribute_paths(const Yaml& attributes) {
  for (const auto& [name, node] : attributes.members()) {
    if (!node.is_map()) {
      WINNOW_TRY(check(node, path_of(node)));
      continue;
    }
    const auto& list = node["list"].scalar();
    WINNOW_TRY(check(node["list"], list));
    for (const auto& [field, column] : node["fields"].members())
      WINNOW_TRY(check(column, fmt::format("{}.0.{}", list, path_of(column))));
  }
  return {};
}

}  // namespace winnow::features
