#include "server/access/role.h"

#include <fmt/format.h>

#include "base/utf8.h"

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

Result<RoleSet> roles_named(std::string_view names) {
  RoleSet roles;
  if (trim_ascii(names) == "nobody") return roles;
  for (bool more = true; more;) {
    const auto comma = names.find(',');
    more = comma != std::string_view::npos;
    WINNOW_TRY(const auto role, role_named(trim_ascii(names.substr(0, comma))));
    roles.add(role);
    if (more) names.remove_prefix(comma + 1);
  }
  return roles;
}

}  // namespace winnow::server
