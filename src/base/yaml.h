// YAML, as people write configuration and content: a tree whose every node knows its line, so that
// an error can name it. Bounded; duplicate keys and merge keys are refused, aliases count as often
// as they are used.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace winnow {

class Yaml {
 public:
  enum class Kind { Null, Scalar, Sequence, Map };

  // `source` names the text in errors, usually its file. Errors: InvalidArgument, Exhausted.
  static Result<Yaml> parse(std::string_view text, std::string source);
  static Result<Yaml> read(const std::string& path);  // also NotFound, Denied, Unavailable

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::Null; }
  bool is_scalar() const { return kind_ == Kind::Scalar; }
  bool is_sequence() const { return kind_ == Kind::Sequence; }
  bool is_map() const { return kind_ == Kind::Map; }

  const std::string& scalar() const { return scalar_; }  // text as written, without quotes
  bool is_quoted() const { return quoted_; }             // a quoted scalar is always text
  const std::vector<Yaml>& items() const { return items_; }
  const std::vector<std::pair<std::string, Yaml>>& members() const { return members_; }
  const Yaml& operator[](std::string_view key) const;  // a Null node when absent
  bool has(std::string_view key) const;

  // Typed values of a scalar. Errors: InvalidArgument, with source and line.
  Result<std::string> as_text() const;
  Result<std::int64_t> as_int() const;
  Result<double> as_number() const;
  Result<bool> as_bool() const;                       // true or false
  Result<std::vector<std::string>> as_texts() const;  // a sequence of scalars

  // Refuses members that are not in `allowed`, and names the nearest allowed one.
  Status only(std::initializer_list<std::string_view> allowed) const;

  // An error about this node: "FILE:LINE: message".
  Error error(std::string message) const;
  int line() const { return line_; }  // from 1

  Json json() const;  // unquoted true, false, null and numbers take their JSON type

 private:
  friend class YamlReader;
  Kind kind_ = Kind::Null;
  bool quoted_ = false;
  int line_ = 0;
  std::string source_;
  std::string scalar_;
  std::vector<Yaml> items_;
  std::vector<std::pair<std::string, Yaml>> members_;
};

// The candidate with the smallest edit distance to `word`, empty when none is near: for "did you
// mean".
std::string nearest(std::string_view word, std::initializer_list<std::string_view> candidates);
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace winnow
