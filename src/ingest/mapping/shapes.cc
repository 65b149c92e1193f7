#include "ingest/mapping/detail/shapes.h"

#include <fmt/format.h>

namespace winnow::mapping {

Result<Shapes> Shapes::read(const Yaml& node) {
  Shapes shapes;
  if (node.is_null()) return shapes;
  if (!node.is_map())
    return node.error("'shapes' has 'fields', 'within', 'json_texts' and 'xml_texts'");
  WINNOW_TRY(node.only({"fields", "within", "json_texts", "xml_texts"}));
  for (const auto& [name, paths] : node["fields"].members()) {
    WINNOW_TRY(auto texts, paths.as_texts());
    if (texts.empty()) return paths.error(fmt::format("the field '{}' stands at no path", name));
    shapes.fields_.emplace(name, std::move(texts));
  }
  if (node.has("within")) {
    WINNOW_TRY(shapes.within_, node["within"].as_texts());
    if (shapes.within_.empty()) return node["within"].error("fields are sought within nothing");
  }
  if (node.has("json_texts")) {
    WINNOW_TRY(shapes.json_texts_, node["json_texts"].as_texts());
  }
  if (node.has("xml_texts")) {
    WINNOW_TRY(shapes.xml_texts_, node["xml_texts"].as_texts());
  }
  return shapes;
}

std::vector<std::string> Shapes::forms(const std::string& path) const {
  const auto field = fields_.find(path);
  if (field != fields_.end()) return field->second;
  if (path.find('*') != std::string::npos) return {path};
  std::vector<std::string> forms;
  for (const auto& object : within_)
    forms.push_back(object.empty() ? path : fmt::format("{}.{}", object, path));
  return forms;
}

}  // namespace winnow::mapping
