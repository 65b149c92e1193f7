#include <charconv>

#include "cli/command.h"

namespace winnow::cli {
namespace {

const std::string kNone;
const std::vector<std::string> kNothing;

}  // namespace

bool Arguments::has(std::string_view name) const { return values_.contains(name); }
bool Arguments::flag(std::string_view name) const { return has(name); }

const std::vector<std::string>& Arguments::texts(std::string_view name) const {
  const auto found = values_.find(name);
  return found != values_.end() ? found->second : kNothing;
}

const std::string& Arguments::text(std::string_view name) const {
  const auto& values = texts(name);
  return values.empty() ? kNone : values.front();
}

std::int64_t Arguments::integer(std::string_view name) const {
  const auto& digits = text(name);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

double Arguments::number(std::string_view name) const {
  const auto& digits = text(name);
  double value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

void Arguments::set(std::string_view name, std::vector<std::string> values) {
  values_.insert_or_assign(std::string(name), std::move(values));
}

}  // namespace winnow::cli
