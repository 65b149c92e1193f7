#include "base/json_numbers.h"

#include <limits>
#include <vector>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/contract.h"

namespace winnow {
namespace {

using simdjson::dom::element_type;

constexpr std::size_t kShownName = 80;
// The object is a level of its own. One more is let in, so that what it holds can be named.
constexpr std::size_t kDepth = 3;
constexpr std::size_t kFirstBytes = 4096;

Error refused(std::string_view why) {
  return Error(Code::InvalidArgument, fmt::format("not a JSON object of numbers: {}", why));
}

}  // namespace

struct JsonNumbers::State {
  std::size_t max_members;
  simdjson::dom::parser parser;
  std::vector<Member> members;

  Result<double> number(simdjson::dom::key_value_pair field) {
    switch (field.value.type()) {
      case element_type::INT64:
        return static_cast<double>(field.value.get_int64().value_unsafe());
      case element_type::UINT64:
        return static_cast<double>(field.value.get_uint64().value_unsafe());
      case element_type::DOUBLE:
        return field.value.get_double().value_unsafe();
      case element_type::BOOL:
        return field.value.get_bool().value_unsafe() ? 1.0 : 0.0;
      case element_type::NULL_VALUE:
        return std::numeric_limits<double>::quiet_NaN();
      default:
        return refused(fmt::format("'{}' is neither a number, a boolean nor null",
                                   field.key.substr(0, kShownName)));
    }
  }
};

JsonNumbers::JsonNumbers(std::size_t max_members) : state_(std::make_unique<State>()) {
  state_->max_members = max_members;
  state_->members.reserve(max_members);
  // It grows with what it reads; its depth stays.
  ensure(state_->parser.allocate(kFirstBytes, kDepth) == simdjson::SUCCESS, "memory");
}
JsonNumbers::~JsonNumbers() = default;
JsonNumbers::JsonNumbers(JsonNumbers&&) noexcept = default;
JsonNumbers& JsonNumbers::operator=(JsonNumbers&&) noexcept = default;

Result<std::span<const JsonNumbers::Member>> JsonNumbers::read(std::string_view text) {
  auto& [max_members, parser, members] = *state_;
  members.clear();
  simdjson::dom::element root;
  if (const auto error = parser.parse(text.data(), text.size(), true).get(root); error)
    return refused(simdjson::error_message(error));
  simdjson::dom::object object;
  if (root.get_object().get(object)) return refused("it is something else");
  for (const auto field : object) {
    if (members.size() == max_members) {
      return refused(fmt::format("it has more than {} members", max_members));
    }
    WINNOW_TRY(const double value, state_->number(field));
    members.push_back({field.key, value});
  }
  return std::span<const Member>(members);
}

}  // namespace winnow
