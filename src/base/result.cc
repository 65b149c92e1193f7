#include "base/result.h"

#include <ostream>

namespace winnow {

std::string_view name_of(Code code) {
  switch (code) {
    case Code::InvalidArgument:
      return "invalid argument";
    case Code::NotFound:
      return "not found";
    case Code::AlreadyExists:
      return "already exists";
    case Code::Conflict:
      return "conflict";
    case Code::Denied:
      return "denied";
    case Code::Corrupt:
      return "corrupt";
    case Code::Unavailable:
      return "unavailable";
    case Code::Timeout:
      return "timeout";
    case Code::Exhausted:
      return "exhausted";
    case Code::Unsupported:
      return "unsupported";
  }
  violate("every Code has a name", std::source_location::current());
}

int exit_code_of(Code code) {
  switch (code) {
    case Code::InvalidArgument:
      return 2;
    case Code::Denied:
      return 3;
    default:
      return 1;
  }
}

Error&& Error::with_hint(std::string hint) && {
  hint_ = std::move(hint);
  return std::move(*this);
}

Error&& Error::with_context(std::string context) && {
  message_ = std::move(context) + ": " + message_;
  return std::move(*this);
}

Error Error::with_context(std::string context) const& {
  return Error(*this).with_context(std::move(context));
}

std::string Error::text() const { return hint_.empty() ? message_ : message_ + " (" + hint_ + ")"; }

std::ostream& operator<<(std::ostream& out, const Error& error) {
  return out << name_of(error.code()) << ": " << error.text();
}

std::ostream& operator<<(std::ostream& out, Code code) { return out << name_of(code); }

}  // namespace winnow
