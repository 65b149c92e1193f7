#include "base/contract.h"
#include "ocsf/event.h"

namespace winnow::ocsf {

Value Value::of(std::span<const Record> value) {
  return {Kind::Records, value.size(), value.data()};
}

double Value::as_real() const {
  if (kind() == Kind::Int) return static_cast<double>(bits_);
  return kind() == Kind::Real ? std::bit_cast<double>(bits_) : 0.0;
}

std::span<const std::string_view> Value::as_texts() const {
  if (kind() != Kind::Texts) return {};
  return {static_cast<const std::string_view*>(data_), size()};
}

std::span<const Record> Value::as_records() const {
  if (kind() != Kind::Records) return {};
  return {static_cast<const Record*>(data_), size()};
}

Value Record::get(Attribute attribute) const {
  for (const auto& field : fields_) {
    if (field.attribute == attribute) return field.value;
  }
  return {};
}

std::string_view name_of(EntityKind kind) {
  switch (kind) {
    case EntityKind::User:
      return "user";
    case EntityKind::Host:
      return "host";
    case EntityKind::Ip:
      return "ip";
    case EntityKind::Mailbox:
      return "mailbox";
    case EntityKind::Domain:
      return "domain";
    case EntityKind::FileHash:
      return "file_hash";
    case EntityKind::CloudPrincipal:
      return "cloud_principal";
    case EntityKind::Process:
      return "process";
    case EntityKind::Session:
      return "session";
  }
  violate("every EntityKind has a name", std::source_location::current());
}

std::string_view name_of(Role role) {
  switch (role) {
    case Role::Actor:
      return "actor";
    case Role::Target:
      return "target";
    case Role::Source:
      return "source";
    case Role::Mentioned:
      return "mentioned";
  }
  violate("every Role has a name", std::source_location::current());
}

}  // namespace winnow::ocsf
