// What a line of text looks like: a template of literal text and named fields, or a regular
// expression with named groups.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace winnow::mapping {

// Immutable; thread-safe; copies share. Matching takes time linear in the line.
class TextPattern {
 public:
  static constexpr std::size_t kMostFields = 64;

  // "%{host} [%{when}] \"%{request}\"": each field ends where the literal text behind it first
  // stands, the last one where the line or its last text does. "%{}" and "%{?name}" are passed
  // over; behind "%{name->}" the literal text may stand several times. Errors: InvalidArgument (a
  // field that does not end, two without a text between them, a name twice, none).
  static Result<TextPattern> of_template(std::string_view text);
  // RE2 syntax: "(?P<host>\S+) ...". It must match the whole line. Errors: InvalidArgument (as RE2
  // tells it; no named group).
  static Result<TextPattern> of_regex(std::string_view text);

  // In the order in which match() tells their texts.
  std::span<const std::string> fields() const { return fields_; }
  // Whether the line is of this pattern; then one text for each field, within the line. A group
  // that took no part has an empty one.
  bool match(std::string_view line, std::vector<std::string_view>& texts) const;

 private:
  struct Part {  // of a template
    bool is_named = false;
    bool is_padded = false;  // the text behind it may stand several times
    std::string behind;      // the literal text that ends it; empty: it is the last
  };
  bool match_parts(std::string_view line, std::vector<std::string_view>& texts) const;

  std::vector<std::string> fields_;
  std::string front_;  // the literal text in front of the first part
  std::vector<Part> parts_;
  std::shared_ptr<const re2::RE2> regex_;
  std::vector<int> groups_;  // of the regex, by field
};

}  // namespace winnow::mapping
