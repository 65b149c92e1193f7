// YAML, and the policies written in it: refused with a line, or compiled and able to route
// anything.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pipeline/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;  // NOLINT(google-build-using-namespace): one function
  const auto yaml = Yaml::parse({reinterpret_cast<const char*>(data), size}, "input");
  if (!yaml) return 0;
  (void)yaml->json();
  static const std::vector<std::string> kFeatures = {"links.count", "auth.dmarc", "text.log_odds"};
  const auto policy = Policy::compile(*yaml, kFeatures);
  if (!policy) return 0;
  for (const double probability : {0.0, 0.5, 1.0}) {
    (void)name_of(policy->route_of(probability));
    for (const double novelty : {static_cast<double>(NAN), 0.0, 1.0})
      (void)policy->abstains(probability, novelty);
  }
  const std::vector<float> rows[] = {{0, 0, 0}, {NAN, NAN, NAN}, {1e30F, -1, 0.5F}};
  for (const auto& row : rows) {
    for (const double novelty : {static_cast<double>(NAN), 0.999}) {
      if (const auto* rule = policy->second_stage(row, novelty)) (void)name_of(rule->route);
      for (const double probability : {static_cast<double>(NAN), 0.5, 1.0})
        (void)policy->raising(probability, row, novelty);
      (void)policy->techniques(row, novelty);
    }
  }
  return 0;
}
