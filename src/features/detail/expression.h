// The text of an expression as a tree. Grammar: docs/features.md.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow::features {

struct Expression {
  enum class Kind {
    Number,     // `number`; durations in seconds
    Text,       // `text`
    Name,       // `text`, perhaps with a dot
    Call,       // `text`(arguments); operators are calls of the name they have in the table
    Aggregate,  // `text`(arguments[0]: arguments[1])
    Where,      // arguments[0] where arguments[1]
  };
  Kind kind;
  std::string text;
  double number = 0;
  std::vector<Expression> arguments;
  std::size_t column = 0;  // from 1, for errors
};

// Bounded in size and depth. Errors: InvalidArgument ("column 12: ...").
Result<Expression> parse_expression(std::string_view text);

}  // namespace winnow::features
