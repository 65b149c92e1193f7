#include <limits>

#include "base/contract.h"
#include "ocsf/event.h"

namespace winnow::ocsf {
namespace {

std::uint32_t checked_size(std::size_t size) {
  ensure(size <= std::numeric_limits<std::uint32_t>::max(), "a mapping bounds its texts and lists");
  return static_cast<std::uint32_t>(size);
}

}  // namespace

Value Value::of(bool value) {
  Value made;
  made.kind_ = Kind::Bool;
  made.bool_ = value;
  return made;
}

Value Value::of(std::int64_t value) {
  Value made;
  made.kind_ = Kind::Int;
  made.int_ = value;
  return made;
}

Value Value::of(double value) {
  Value made;
  made.kind_ = Kind::Real;
  made.real_ = value;
  return made;
}

Value Value::of(std::string_view value) {
  Value made;
  made.kind_ = Kind::Text;
  made.size_ = checked_size(value.size());
  made.data_ = value.data();
  return made;
}

Value Value::of(std::span<const std::string_view> value) {
  Value made;
  made.kind_ = Kind::Texts;
  made.size_ = checked_size(value.size());
  made.data_ = value.data();
  return made;
}

Value Value::of(std::span<const Record> value) {
  Value made;
  made.kind_ = Kind::Records;
  made.size_ = checked_size(value.size());
  made.data_ = value.data();
  return made;
}

bool Value::as_bool() const { return kind_ == Kind::Bool && bool_; }

std::int64_t Value::as_int() const { return kind_ == Kind::Int ? int_ : 0; }

double Value::as_real() const {
  if (kind_ == Kind::Int) return static_cast<double>(int_);
  return kind_ == Kind::Real ? real_ : 0.0;
}

std::string_view Value::as_text() const {
  if (kind_ != Kind::Text) return {};
  return {static_cast<const char*>(data_), size_};
}

std::span<const std::string_view> Value::as_texts() const {
  if (kind_ != Kind::Texts) return {};
  return {static_cast<const std::string_view*>(data_), size_};
}

std::span<const Record> Value::as_records() const {
  if (kind_ != Kind::Records) return {};
  return {static_cast<const Record*>(data_), size_};
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
