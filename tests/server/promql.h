// Which metrics and labels a PromQL expression names.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

namespace winnow::testing {

struct Named {
  std::map<std::string, std::set<std::string>> metrics;  // with the labels in their braces
  std::set<std::string> grouped;                         // labels behind by, without, on, ...
};
Named named_in(std::string_view expression);

// The metrics of an exposition (Prometheus text format 0.0.4), each with its labels.
std::map<std::string, std::set<std::string>> metrics_in(std::string_view exposition);

}  // namespace winnow::testing
