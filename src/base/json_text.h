// Texts of JSON that may be missing.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/timestamp.h"

namespace winnow {

// The text of what is there (a time is RFC 3339); null where nothing is.
inline Json json_text(const std::optional<std::string>& text) {
  return text ? Json(*text) : Json();
}
template <typename T>
Json json_text(const std::optional<T>& value) {
  return value ? Json(value->text()) : Json();
}

// The time that stands there; nothing for null. Errors: InvalidArgument (anything else).
inline Result<std::optional<Timestamp>> optional_time(const Json& json) {
  if (json.is_null()) return std::optional<Timestamp>();
  if (!json.is_string()) return Error(Code::InvalidArgument, "a time is no text");
  WINNOW_TRY(const auto time, Timestamp::parse(json.as_string()));
  return std::optional(time);
}

}  // namespace winnow
