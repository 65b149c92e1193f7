#include "pipeline/attack_techniques.h"

#include <algorithm>
#include <utility>

#include "base/yaml.h"
#include "pipeline/detail/technique_table.h"

namespace winnow {
namespace {

using Technique = std::pair<std::string_view, std::string_view>;  // id, name

std::vector<Technique> read_table() {
  std::vector<Technique> techniques;
  std::string_view rest = technique_files().front().text;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto blank = line.find(' ');
    if (line.starts_with('#') || blank == std::string_view::npos) continue;
    techniques.emplace_back(line.substr(0, blank), line.substr(blank + 1));
  }
  std::ranges::sort(techniques);
  return techniques;
}

const std::vector<Technique>& techniques() {
  static const auto kTechniques = read_table();
  return kTechniques;
}

}  // namespace

std::string_view technique_name(std::string_view id) {
  const auto found = std::ranges::lower_bound(techniques(), id, {}, &Technique::first);
  return found != techniques().end() && found->first == id ? found->second : std::string_view();
}

std::string nearest_technique(std::string_view id) {
  std::vector<std::string> ids;
  for (const auto& technique : techniques()) ids.emplace_back(technique.first);
  return nearest(id, ids);
}

std::string technique_text(std::string_view id) {
  const auto name = technique_name(id);
  std::string text(id);
  if (!name.empty()) text.append(" ").append(name);
  return text;
}

Json technique_names(std::span<const std::string> ids) {
  Json names = Json::array();
  for (const auto& id : ids) names.push(technique_name(id));
  return names;
}

}  // namespace winnow
