#include "ocsf/domain.h"

namespace winnow {

std::string_view name_of(Domain domain) {
  switch (domain) {
    case Domain::Mail:
      return "mail";
    case Domain::Network:
      return "network";
    case Domain::Endpoint:
      return "endpoint";
    case Domain::Cloud:
      return "cloud";
    case Domain::Alerts:
      return "alerts";
  }
  return "";
}

std::optional<Domain> domain_named(std::string_view name) {
  for (const auto domain : kDomains) {
    if (name_of(domain) == name) return domain;
  }
  return std::nullopt;
}

}  // namespace winnow
