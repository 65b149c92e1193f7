// JSON values: bounded reading, deterministic writing, and the canonical form of RFC 8785 that
// signatures and digests are made over. For API, configuration and records; the hot path of log
// intake reads its lines without building values.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace winnow {

class Json {
 public:
  using Array = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;  // in insertion order; keys are unique

  Json() = default;                                      // null
  Json(std::nullptr_t) {}                                // NOLINT: literals convert
  Json(bool value) : value_(value) {}                    // NOLINT
  Json(int value) : value_(std::int64_t{value}) {}       // NOLINT
  Json(unsigned value) : value_(std::int64_t{value}) {}  // NOLINT
  Json(std::int64_t value) : value_(value) {}            // NOLINT
  Json(std::uint64_t value);                             // NOLINT: above 2^63 becomes a double
  Json(double value) : value_(value) {}                  // NOLINT: NaN and infinities write as null
  Json(const char* value) : value_(std::string(value)) {}       // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT
  Json(std::string value) : value_(std::move(value)) {}         // NOLINT
  static Json array(std::vector<Json> items = {});
  static Json object(std::initializer_list<Member> members = {});
  static Json object_of(Object members);  // the caller vouches that keys are unique

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  bool is_bool() const { return std::holds_alternative<bool>(value_); }
  bool is_int() const { return std::holds_alternative<std::int64_t>(value_); }
  bool is_number() const { return is_int() || std::holds_alternative<double>(value_); }
  bool is_string() const { return std::holds_alternative<std::string>(value_); }
  bool is_array() const { return std::holds_alternative<Array>(value_); }
  bool is_object() const { return std::holds_alternative<Object>(value_); }

  // What it holds, or the neutral value of that kind when it holds something else.
  bool as_bool() const;
  std::int64_t as_int() const;  // a double is truncated, saturating
  double as_double() const;
  const std::string& as_string() const;
  const Array& items() const;     // empty unless an array
  const Object& members() const;  // empty unless an object

  const Json* find(std::string_view key) const;        // null pointer when absent; linear
  const Json& operator[](std::string_view key) const;  // a null value when absent
  const Json& operator[](std::size_t index) const;     // likewise
  std::size_t size() const;                            // of an array or object, else 0

  Json& set(std::string key, Json value);  // replaces a member or adds it last; returns *this
  Json& push(Json value);                  // appends to an array (null becomes one); returns *this
  Json* find(std::string_view key);

  // For records of ours that were stored: the member, of the asked type. Errors: InvalidArgument,
  // naming the key and what was found.
  Result<std::string> need_string(std::string_view key) const;
  Result<std::int64_t> need_int(std::string_view key) const;
  Result<double> need_number(std::string_view key) const;
  Result<bool> need_bool(std::string_view key) const;
  Result<const Json*> need_array(std::string_view key) const;
  Result<const Json*> need_object(std::string_view key) const;

  friend bool operator==(const Json&, const Json&) = default;  // object order matters

 private:
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> value_ =
      nullptr;
};

struct JsonLimits {
  std::size_t max_bytes = 64UL << 20;
  unsigned max_depth = 64;
};

// Reads one document of RFC 8259: UTF-8, no duplicate keys, nothing after it. Numbers without
// fraction or exponent that fit are integers. Errors: InvalidArgument, Exhausted (a limit).
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

std::string to_text(const Json& json);         // one line, members in their own order
std::string to_pretty_text(const Json& json);  // indented by two, for people

// RFC 8785 (JSON Canonicalization Scheme): sorted members, shortest numbers, one form a value.
// Errors: InvalidArgument (a number that is no double, or text that is not UTF-8).
Result<std::string> to_canonical(const Json& json);

// Appends `text` as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);
// Appends the shortest text that reads back as `number`, in the form ECMAScript (and RFC 8785)
// prescribes; NaN and infinities as null.
void append_json_number(std::string& out, double number);

}  // namespace winnow
