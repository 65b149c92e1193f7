// What somebody may do here. Every route names the roles that may use it.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "base/result.h"

namespace winnow::server {

enum class Role : std::uint8_t {
  Analyst,   // works the queue
  Senior,    // approves what others propose
  Engineer,  // writes content, trains and ships models
  Admin,     // users, tokens, operation
  Auditor,   // reads everything, changes nothing
  Sensor,    // a program that sends mail or events
};
inline constexpr std::array kRoles = {Role::Analyst, Role::Senior,  Role::Engineer,
                                      Role::Admin,   Role::Auditor, Role::Sensor};
std::string_view name_of(Role role);             // "analyst"
Result<Role> role_named(std::string_view name);  // Errors: InvalidArgument

class RoleSet {
 public:
  constexpr RoleSet() = default;  // nobody in particular: no identity is asked for
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) add(role);
  }
  constexpr void add(Role role) { bits_ |= bit(role); }
  constexpr bool contains(Role role) const { return (bits_ & bit(role)) != 0; }
  constexpr bool is_empty() const { return bits_ == 0; }

 private:
  static constexpr unsigned bit(Role role) { return 1U << static_cast<unsigned>(role); }
  unsigned bits_ = 0;
};

// "analyst, senior"; "nobody". Errors: InvalidArgument.
Result<RoleSet> roles_named(std::string_view names);

// People who look at what was decided.
inline constexpr RoleSet kPeople = {Role::Analyst, Role::Senior, Role::Engineer, Role::Admin,
                                    Role::Auditor};
// People who change cases, and may own them.
inline constexpr RoleSet kWorkTheQueue = {Role::Analyst, Role::Senior, Role::Admin};
// People who work with what mails say: by default only they are shown it.
inline constexpr RoleSet kReadMail = {Role::Analyst, Role::Senior};
// People who see what is held for a legal matter: it may be about somebody who works the queue.
inline constexpr RoleSet kReadHolds = {Role::Senior, Role::Admin, Role::Auditor};
inline constexpr RoleSet kAnyRole = {Role::Analyst, Role::Senior,  Role::Engineer,
                                     Role::Admin,   Role::Auditor, Role::Sensor};

}  // namespace winnow::server
