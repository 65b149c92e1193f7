#include "ingest/mapping/detail/zones.h"

#include <algorithm>

#include <fmt/format.h>

#include "ingest/mapping/detail/time_format.h"
#include "ingest/mapping/detail/zone_table.h"

namespace winnow::mapping {
namespace {

std::vector<NamedRule> read_table() {
  std::vector<NamedRule> zones;
  std::string_view rest = zone_files().front().text;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    const auto blank = line.find(' ');
    if (line.starts_with('#') || blank == std::string_view::npos) continue;
    zones.emplace_back(line.substr(0, blank), line.substr(blank + 1));
  }
  std::ranges::sort(zones);
  return zones;
}

Result<ZoneRule> read_rule(const Yaml& at, std::string_view text) {
  auto rule = ZoneRule::read(text);
  if (!rule) return at.error(std::string(rule.error().message()));
  return rule;
}

// "UTC-5" and "EST-5" are none: POSIX would have them east of Greenwich, which nobody means.
bool is_rule(std::string_view text) {
  return text.starts_with('<') || text.find(',') != std::string_view::npos;
}

Error unknown(const Yaml& at, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& zone : iana_zones()) names.emplace_back(zone.first);
  const auto near = nearest(name, names);
  return at.error(
      fmt::format("a zone is an offset from UTC ('+01:00'), a rule ('CET-1CEST,M3.5.0,M10.5.0/3') "
                  "or a name, and "
                  "there is no '{}'{}",
                  name, near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

const std::vector<NamedRule>& iana_zones() {
  static const auto kZones = read_table();
  return kZones;
}

Status Zones::read(const Yaml& node) {
  if (!node.is_null() && !node.is_map())
    return node.error("'zones' has rules by the names of their zones");
  for (const auto& [name, rule] : node.members()) {
    WINNOW_TRY(rules_[name], rule.as_text());
    WINNOW_TRY(read_rule(rule, rules_[name]));
  }
  return {};
}

Result<ZoneRule> Zones::find(const Yaml& zone) {
  WINNOW_TRY(const std::string text, zone.as_text());
  if (const auto own = rules_.find(text); own != rules_.end()) return read_rule(zone, own->second);
  if (const auto ahead = read_offset(text)) return ZoneRule(*ahead);
  if (is_rule(text)) return read_rule(zone, text);
  const auto known = std::ranges::lower_bound(iana_zones(), text, {}, &NamedRule::first);
  if (known == iana_zones().end() || known->first != text) return unknown(zone, text);
  rules_.emplace(text, known->second);
  return read_rule(zone, known->second);
}

}  // namespace winnow::mapping
