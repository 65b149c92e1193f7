// How anything in Winnow fails: `Result<T>` holds a value or an `Error`, never both. Shaped like
// std::expected, so that it can become one.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/contract.h"

namespace winnow {

// What kind of failure it is: a closed list, so that one table maps it to HTTP and exit codes.
enum class Code {
  InvalidArgument,  // the input is wrong; the same call will fail again
  NotFound,         // what was named does not exist
  AlreadyExists,    // what was to be made exists already
  Conflict,         // somebody else changed it meanwhile
  Denied,           // not allowed, by policy or by a failed check
  Corrupt,          // stored bytes are not what was written
  Unavailable,      // the disk, database or peer does not answer
  Timeout,          // it took longer than it may
  Exhausted,        // a limit is reached (memory, disk, queue, size)
  Unsupported,      // well-formed, but not something Winnow can do
};

std::string_view name_of(Code code);  // "invalid argument", ...
int exit_code_of(Code code);          // style.md section 10: 1, 2 or 3

// A failure: what was tried, what was found, what to do. Lower case, values quoted, no secrets.
class Error {
 public:
  Error(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  Error&& with_hint(std::string hint) &&;        // what to do next
  Error&& with_context(std::string context) &&;  // prepended: "reading 'x'", outermost first
  Error with_context(std::string context) const&;

  Code code() const { return code_; }
  const std::string& message() const { return message_; }  // context included
  const std::string& hint() const { return hint_; }
  std::string text() const;  // "message (hint)"

 private:
  Code code_;
  std::string message_;
  std::string hint_;
};

std::ostream& operator<<(std::ostream& out, const Error& error);
std::ostream& operator<<(std::ostream& out, Code code);

template <typename T>
class [[nodiscard]] Result {
 public:
  using value_type = T;

  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit on purpose
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: likewise

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return checked(); }
  const T& value() const& { return const_checked(); }
  T value() && { return std::move(checked()); }  // by value: nothing dangles in a range-for
  T& operator*() & { return checked(); }
  const T& operator*() const& { return const_checked(); }
  T operator*() && { return std::move(checked()); }
  T* operator->() { return &checked(); }
  const T* operator->() const { return &const_checked(); }

  const Error& error() const& {
    ensure(!has_value(), "error() is asked only of a failure");
    return *std::get_if<1>(&state_);
  }
  Error error() && {
    ensure(!has_value(), "error() is asked only of a failure");
    return std::move(*std::get_if<1>(&state_));
  }

  T value_or(T other) && { return has_value() ? std::move(checked()) : std::move(other); }

 private:
  T& checked() {
    ensure(has_value(), "value() is asked only of a success");
    return *std::get_if<0>(&state_);
  }
  const T& const_checked() const {
    ensure(has_value(), "value() is asked only of a success");
    return *std::get_if<0>(&state_);
  }
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit on purpose

  bool has_value() const { return !error_; }
  explicit operator bool() const { return has_value(); }
  const Error& error() const& {
    ensure(error_.has_value(), "error() is asked only of a failure");
    return *error_;
  }
  Error error() && {
    ensure(error_.has_value(), "error() is asked only of a failure");
    return std::move(*error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace winnow

// WINNOW_TRY(expr);        passes an error up, drops the value
// WINNOW_TRY(decl, expr);  declares `decl` from the value, or passes the error up
#define WINNOW_TRY_CONCAT_(a, b) a##b
#define WINNOW_TRY_NAME_(line) WINNOW_TRY_CONCAT_(winnow_try_, line)
#define WINNOW_TRY_1_(expr)                                               \
  do {                                                                    \
    if (auto winnow_try_status = (expr); !winnow_try_status) [[unlikely]] \
      return std::move(winnow_try_status).error();                        \
  } while (false)
#define WINNOW_TRY_2_(decl, expr)                         \
  auto WINNOW_TRY_NAME_(__LINE__) = (expr);               \
  if (!WINNOW_TRY_NAME_(__LINE__)) [[unlikely]]           \
    return std::move(WINNOW_TRY_NAME_(__LINE__)).error(); \
  decl = std::move(WINNOW_TRY_NAME_(__LINE__)).value()
#define WINNOW_TRY_PICK_(a, b, chosen, ...) chosen
#define WINNOW_TRY(...) \
  WINNOW_TRY_PICK_(__VA_ARGS__, WINNOW_TRY_2_, WINNOW_TRY_1_, unused)(__VA_ARGS__)
