// The time zones that a mapping names, each with the rule that it had when the mapping was
// compiled.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/yaml.h"
#include "ingest/mapping/detail/zone_rule.h"

namespace winnow::mapping {

// Zones of the IANA database as this build knows them, by name, each with its rule.
using NamedRule = std::pair<std::string_view, std::string_view>;
const std::vector<NamedRule>& iana_zones();

class Zones {
 public:
  // A mapping's own: {NAME: RULE}. Errors: InvalidArgument, located.
  Status read(const Yaml& node);
  // What a `zone` says: an offset from UTC, a rule, or a name. A name is the mapping's own; else it
  // is one of iana_zones(), and is the mapping's own from then on. Errors: InvalidArgument,
  // located.
  Result<ZoneRule> find(const Yaml& zone);

  // The mapping's own, by name. What a name means is part of the mapping, so that decisions are
  // made again as they were made, by other builds too.
  const std::map<std::string, std::string>& rules() const { return rules_; }

 private:
  std::map<std::string, std::string> rules_;
};

}  // namespace winnow::mapping
