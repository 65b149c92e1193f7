// Reading JSON: simdjson finds and validates, we build values within bounds.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/digest.h"
#include "base/json.h"
#include "base/json_paths.h"

namespace winnow {
namespace {

Error refused(simdjson::error_code code) {
  if (code == simdjson::DEPTH_ERROR)
    return Error(Code::Exhausted, "JSON nested deeper than allowed");
  if (code == simdjson::CAPACITY) return Error(Code::Exhausted, "JSON larger than allowed");
  return Error(Code::InvalidArgument,
               fmt::format("not valid JSON: {}", simdjson::error_message(code)));
}

// Depth is bounded by the parser before this recursion begins.
Result<Json> build(simdjson::dom::element element);

Result<Json> build_object(simdjson::dom::object object) {
  std::vector<std::string_view> keys;
  for (const auto field : object) keys.push_back(field.key);
  std::sort(keys.begin(), keys.end());
  if (const auto twice = std::adjacent_find(keys.begin(), keys.end()); twice != keys.end()) {
    return Error(Code::InvalidArgument,
                 fmt::format("JSON member '{}' occurs twice", twice->substr(0, 80)));
  }
  Json::Object members;
  members.reserve(keys.size());
  for (const auto field : object) {
    WINNOW_TRY(Json value, build(field.value));
    members.emplace_back(std::string(field.key), std::move(value));
  }
  return Json::object_of(std::move(members));
}

Result<Json> build_array(simdjson::dom::array array) {
  std::vector<Json> items;
  items.reserve(array.size());
  for (const auto element : array) {
    WINNOW_TRY(Json value, build(element));
    items.push_back(std::move(value));
  }
  return Json::array(std::move(items));
}

Result<Json> build(simdjson::dom::element element) {
  using simdjson::dom::element_type;
  switch (element.type()) {
    case element_type::ARRAY:
      return build_array(element.get_array().value_unsafe());
    case element_type::OBJECT:
      return build_object(element.get_object().value_unsafe());
    case element_type::INT64:
      return Json(element.get_int64().value_unsafe());
    case element_type::UINT64:
      return Json(element.get_uint64().value_unsafe());
    case element_type::DOUBLE:
      return Json(element.get_double().value_unsafe());
    case element_type::STRING:
      return Json(element.get_string().value_unsafe());
    case element_type::BOOL:
      return Json(element.get_bool().value_unsafe());
    case element_type::NULL_VALUE:
      return Json();
  }
  return Error(Code::Unsupported, "a JSON value of unknown type");
}

bool fits_64_bits(std::string_view number) {
  const auto* end = number.data() + number.size();
  std::int64_t integer = 0;
  std::uint64_t natural = 0;
  return std::from_chars(number.data(), end, integer).ec == std::errc() ||
         std::from_chars(number.data(), end, natural).ec == std::errc();
}

// RFC 8259 sets no bound on an integer, and RFC 8785 writes numbers up to 1e21 as one; simdjson
// refuses those beyond 64 bits. With an exponent they are the doubles that they stand for.
std::string with_exponents_on_long_integers(std::string_view text) {
  std::string out;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    std::size_t length = in_string && c == '\\' ? 2 : 1;
    if (c == '"') {
      in_string = !in_string;
    } else if (!in_string && (c == '-' || (c >= '0' && c <= '9'))) {
      length = std::min(text.find_first_not_of("0123456789+-.eE", at), text.size()) - at;
      const auto number = text.substr(at, length);
      out += number;
      if (number.find_first_of(".eE") == number.npos && !fits_64_bits(number)) out += "e0";
      at += length;
      continue;
    }
    out += text.substr(at, length);
    at += length;
  }
  return out;
}

simdjson::error_code parse_once(simdjson::dom::parser& parser, std::string_view text,
                                unsigned max_depth, simdjson::dom::element& root) {
  // simdjson counts the outermost value as a level of its own.
  const std::size_t depth = max_depth + 1;
  if (parser.capacity() < text.size() || parser.max_depth() != depth) {
    const auto error = parser.allocate(std::max<std::size_t>(text.size(), 32), depth);
    if (error) return error;
  }
  return parser.parse(text.data(), text.size(), true).get(root);
}

Status parse(simdjson::dom::parser& parser, std::string_view text, const JsonLimits& limits,
             simdjson::dom::element& root) {
  if (text.size() > limits.max_bytes) {
    return Error(Code::Exhausted,
                 fmt::format("JSON of {} bytes, allowed are {}", text.size(), limits.max_bytes));
  }
  if (text.empty()) return refused(simdjson::EMPTY);  // there may be no bytes to point to
  auto error = parse_once(parser, text, limits.max_depth, root);
  if (error == simdjson::NUMBER_ERROR) {
    const auto again = with_exponents_on_long_integers(text);
    if (again.size() > text.size()) error = parse_once(parser, again, limits.max_depth, root);
  }
  if (error) return refused(error);
  return {};
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  WINNOW_TRY(parse(parser, text, limits, root));
  return build(root);
}

struct JsonPaths::State {
  simdjson::dom::parser parser;
  std::string path;               // where the walk stands
  std::string text;               // all paths, one behind the other
  std::vector<std::size_t> ends;  // of each

  void walk(simdjson::dom::element value);
  void walk_items(simdjson::dom::array items);
  void walk_members(simdjson::dom::object members);
  void note();
};

void JsonPaths::State::note() {
  const auto begin = ends.size() < 2 ? 0 : ends[ends.size() - 2];
  const bool is_again = !ends.empty() && std::string_view(text).substr(begin) == path;
  if (is_again) return;  // as items of a list are
  text += path;
  ends.push_back(text.size());
}

// `path` is where the value stands, and is so again afterwards.
void JsonPaths::State::walk(simdjson::dom::element value) {
  const bool is_enough = ends.size() >= kMost || text.size() >= kMostBytes;
  if (is_enough || path.size() > kMostLength || value.is_null()) return;
  if (value.is_array()) return walk_items(value.get_array().value_unsafe());
  if (value.is_object()) return walk_members(value.get_object().value_unsafe());
  note();
}

void JsonPaths::State::walk_items(simdjson::dom::array items) {
  const auto size = path.size();
  path += ".*";
  for (const auto item : items) walk(item);
  path.resize(size);
}

void JsonPaths::State::walk_members(simdjson::dom::object members) {
  if (members.size() == 0) return note();
  const auto size = path.size();
  for (const auto member : members) {
    if (size > 0) path += '.';
    path += member.key;
    walk(member.value);
    path.resize(size);
  }
}

JsonPaths::JsonPaths() : state_(std::make_unique<State>()) {}
JsonPaths::JsonPaths(JsonPaths&&) noexcept = default;
JsonPaths& JsonPaths::operator=(JsonPaths&&) noexcept = default;
JsonPaths::~JsonPaths() = default;

Status JsonPaths::read(std::string_view record) {
  auto& state = *state_;
  state.text.clear();
  state.ends.clear();
  simdjson::dom::element root;
  WINNOW_TRY(parse(state.parser, record, JsonLimits{}, root));
  state.walk(root);
  return {};
}

std::vector<std::string_view> JsonPaths::paths() const {
  std::vector<std::string_view> paths;
  std::size_t begin = 0;
  for (const auto end : state_->ends) {
    paths.push_back(std::string_view(state_->text).substr(begin, end - begin));
    begin = end;
  }
  return paths;
}

std::uint64_t JsonPaths::shape() const {
  const auto& ends = state_->ends;
  const auto* bytes = reinterpret_cast<const char*>(ends.data());
  return hash64({bytes, ends.size() * sizeof(std::size_t)}, hash64(state_->text));
}

}  // namespace winnow
