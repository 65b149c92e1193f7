// A JSON object of names and numbers, read without building values: for what is sent often.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"

namespace winnow {

// Used by one thread; allocates nothing once it has seen texts as large.
class JsonNumbers {
 public:
  struct Member {
    std::string_view name;  // valid until the next read()
    double value;           // true is 1, false is 0, null is NaN
  };

  explicit JsonNumbers(std::size_t max_members);
  ~JsonNumbers();
  JsonNumbers(JsonNumbers&&) noexcept;
  JsonNumbers& operator=(JsonNumbers&&) noexcept;

  // In the order of the text; a name that repeats is there twice. Errors: InvalidArgument (no JSON
  // object; a value that is neither a number, a boolean nor null; too many members).
  Result<std::span<const Member>> read(std::string_view text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow
