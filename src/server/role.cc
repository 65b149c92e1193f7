#include "server/role.h"

#include <fmt/format.h>

namespace winnow::server {

std::string_view name_of(Role role) {
  constexpr std::string_view kNames[] = {"analyst", "senior",  "engineer",
                                         "admin",   "auditor", "sensor"};
  return kNames[static_cast<int>(role)];
}

Result<Role> role_named(std::string_view name) {
  for (const Role role : kRoles) {
    if (name_of(role) == name) return role;
  }
  return Error(Code::InvalidArgument, fmt::format("there is no role '{}'", name))
      .with_hint("one of analyst, senior, engineer, admin, auditor, sensor");
}

}  // namespace winnow::server
