#include "base/json.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace winnow {
namespace {

const Json kNull;
const std::string kEmptyString;
const Json::Array kNoItems;
const Json::Object kNoMembers;

std::string_view kind_of(const Json& json) {
  if (json.is_null()) return "nothing";
  if (json.is_bool()) return "a boolean";
  if (json.is_number()) return "a number";
  if (json.is_string()) return "a string";
  return json.is_array() ? "an array" : "an object";
}

Error wrong_kind(std::string_view key, std::string_view wanted, const Json& found) {
  return Error(Code::InvalidArgument,
               fmt::format("member '{}' should be {} and is {}", key, wanted, kind_of(found)));
}

}  // namespace

Json::Json(std::uint64_t value) {
  if (value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    value_ = static_cast<std::int64_t>(value);
  } else {
    value_ = static_cast<double>(value);
  }
}

Json Json::array(std::vector<Json> items) {
  Json json;
  json.value_ = std::move(items);
  return json;
}

Json Json::object(std::initializer_list<Member> members) {
  Json json;
  json.value_ = Object(members);
  return json;
}

Json Json::object_of(Object members) {
  Json json;
  json.value_ = std::move(members);
  return json;
}

bool Json::as_bool() const {
  const auto* value = std::get_if<bool>(&value_);
  return value != nullptr && *value;
}

std::int64_t Json::as_int() const {
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return *value;
  if (const auto* value = std::get_if<double>(&value_)) {
    if (std::isnan(*value)) return 0;
    if (*value >= 9.2233720368547758e18) return std::numeric_limits<std::int64_t>::max();
    if (*value <= -9.2233720368547758e18) return std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(*value);
  }
  return 0;
}

double Json::as_double() const {
  if (const auto* value = std::get_if<double>(&value_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&value_)) return static_cast<double>(*value);
  return 0;
}

const std::string& Json::as_string() const {
  const auto* value = std::get_if<std::string>(&value_);
  return value != nullptr ? *value : kEmptyString;
}

const Json::Array& Json::items() const {
  const auto* value = std::get_if<Array>(&value_);
  return value != nullptr ? *value : kNoItems;
}

const Json::Object& Json::members() const {
  const auto* value = std::get_if<Object>(&value_);
  return value != nullptr ? *value : kNoMembers;
}

const Json* Json::find(std::string_view key) const {
  for (const auto& [name, value] : members()) {
    if (name == key) return &value;
  }
  return nullptr;
}

Json* Json::find(std::string_view key) {
  auto* object = std::get_if<Object>(&value_);
  if (object == nullptr) return nullptr;
  for (auto& [name, value] : *object) {
    if (name == key) return &value;
  }
  return nullptr;
}

const Json& Json::operator[](std::string_view key) const {
  const auto* found = find(key);
  return found != nullptr ? *found : kNull;
}

const Json& Json::operator[](std::size_t index) const {
  return index < items().size() ? items()[index] : kNull;
}

std::size_t Json::size() const { return is_object() ? members().size() : items().size(); }

Json& Json::set(std::string key, Json value) {
  if (is_null()) value_ = Object();
  auto* object = std::get_if<Object>(&value_);
  ensure(object != nullptr, "set() is called on an object");
  if (auto* existing = find(key)) {
    *existing = std::move(value);
  } else {
    object->emplace_back(std::move(key), std::move(value));
  }
  return *this;
}

Json& Json::push(Json value) {
  if (is_null()) value_ = Array();
  auto* array = std::get_if<Array>(&value_);
  ensure(array != nullptr, "push() is called on an array");
  array->push_back(std::move(value));
  return *this;
}

Result<std::string> Json::need_string(std::string_view key) const {
  const auto& value = (*this)[key];
  if (!value.is_string()) return wrong_kind(key, "a string", value);
  return value.as_string();
}

Result<std::int64_t> Json::need_int(std::string_view key) const {
  const auto& value = (*this)[key];
  if (!value.is_int()) return wrong_kind(key, "an integer", value);
  return value.as_int();
}

Result<double> Json::need_number(std::string_view key) const {
  const auto& value = (*this)[key];
  if (!value.is_number()) return wrong_kind(key, "a number", value);
  return value.as_double();
}

Result<bool> Json::need_bool(std::string_view key) const {
  const auto& value = (*this)[key];
  if (!value.is_bool()) return wrong_kind(key, "a boolean", value);
  return value.as_bool();
}

Result<const Json*> Json::need_array(std::string_view key) const {
  const auto& value = (*this)[key];
  if (!value.is_array()) return wrong_kind(key, "an array", value);
  return &value;
}

Result<const Json*> Json::need_object(std::string_view key) const {
  const auto& value = (*this)[key];
  if (!value.is_object()) return wrong_kind(key, "an object", value);
  return &value;
}

}  // namespace winnow
