// Where one JSON value ends and the next begins, in streams of them: values behind each other, and
// the items of an array. Looks at brackets and strings only; what stands between them is for
// parse_json to judge.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

// Behind the value that `text` begins with; npos where it does not end within it, or is none.
std::size_t json_value_end(std::string_view text);

// The values that stand behind each other in `text`, with blanks between them or none. Only objects
// and arrays, or values with blanks between them, can be told apart. Errors: InvalidArgument (the
// text ends within a value, a bracket closes nothing).
Result<std::vector<std::string_view>> split_json_values(std::string_view text);

// The items of the array that `text` is. Errors: InvalidArgument (it is none).
Result<std::vector<std::string_view>> split_json_array(std::string_view text);

}  // namespace winnow
