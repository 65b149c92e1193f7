#include "base/json_scan.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include "base/detail/json_selection.h"
#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxBytes = 1UL << 30;
constexpr std::size_t kPadding = simdjson::SIMDJSON_PADDING;  // also enough for KeyMark
constexpr std::uint32_t kDepth = 16;  // of the document parser, which is not asked for documents

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Reads four hexadecimal digits at `at`; nothing where they are none.
std::optional<std::uint32_t> read_hex4(std::string_view text, std::size_t at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(at, 4)) {
    value <<= 4;
    if (c >= '0' && c <= '9') {
      value |= static_cast<std::uint32_t>(c - '0');
    } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
      value |= static_cast<std::uint32_t>((c | 0x20) - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// Writes what the escape behind the backslash at `at` stands for, and moves past it; null where it
// is none (RFC 8259, section 7).
char* write_escape(char* out, std::string_view text, std::size_t& at) {
  if (at + 1 >= text.size()) return nullptr;
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  const char letter = text[at + 1];
  at += 2;
  if (letter == '/') {  // by far the most frequent
    *out = '/';
    return out + 1;
  }
  if (letter != 'u') {
    const auto which = kLetters.find(letter);
    if (which == std::string_view::npos) return nullptr;
    *out = kMeanings[which];
    return out + 1;
  }
  const auto first = read_hex4(text, at);
  if (!first) return nullptr;
  at += 4;
  char32_t code_point = *first;
  if (code_point >= 0xD800 && code_point < 0xE000) {
    const bool pair = code_point < 0xDC00 && text.substr(at, 2) == "\\u";
    const auto second = pair ? read_hex4(text, at + 2) : std::nullopt;
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      code_point = 0x10000 + ((code_point - 0xD800) << 10) + (*second - 0xDC00);
      at += 6;
    } else {
      code_point = 0xFFFD;
    }
  }
  std::string written;
  append_utf8(written, code_point);
  return std::ranges::copy(written, out).out;
}

// Writes the text without its escapes, which are never longer than they; returns the end of what it
// wrote, null where there is no such escape.
char* unescape(std::string_view text, char* out) {
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '\\') {
      *out++ = text[at++];
    } else {
      out = write_escape(out, text, at);
      if (out == nullptr) return nullptr;
    }
  }
  return out;
}

// The structure of a record is a list of positions: brackets, colons, commas, and where strings,
// numbers and words begin. Behind the last one stand two that point behind the record, where its
// padding is: what is read there is no structure, so that nothing walks on.
using At = const std::uint32_t*;

// One walk over the structure of a record. Each step takes where it stands and returns where the
// next one goes on: null where the record is refused.
class Walk {
 public:
  Walk(std::string_view record, At begin, std::size_t count, std::span<const WantedKeys> nodes,
       const std::vector<bool>& is_shared, std::span<const std::uint32_t> widths, JsonCells& cells,
       char* unescaped)
      : text_(record.data()),
        text_end_(record.data() + record.size()),
        end_(begin + count),
        nodes_(nodes),
        is_shared_(is_shared),
        widths_(widths),
        cells_(cells),
        unescaped_(unescaped) {
    find_escape(text_);
  }

  // Past the object that begins at `at`, whose members are looked up in the node.
  At object(At at, std::int32_t node);
  At fail(std::string_view what, At at) {
    problem_ = what;
    failed_at_ = at < end_ ? text_ + *at : text_end_;
    return nullptr;
  }
  Error refused() const {
    return Error(Code::InvalidArgument,
                 fmt::format("not valid JSON: {} at byte {}", problem_, failed_at_ - text_));
  }
  At end() const { return end_; }
  char at(At position) const { return text_[*position]; }

 private:
  // What stands between the position and the next one, without the blanks in front of that.
  std::string_view token(At at) const {
    const char* begin = text_ + at[0];
    const char* end = text_ + at[1];
    while (end > begin && is_blank(end[-1])) --end;
    return {begin, static_cast<std::size_t>(end - begin)};
  }
  void find_escape(const char* from) {
    const auto left = static_cast<std::size_t>(text_end_ - from);
    const void* found = std::memchr(from, '\\', left);
    escape_ = found != nullptr ? static_cast<const char*>(found) : text_end_;
  }
  // Strings are asked about in the order of the record.
  bool has_escape(std::string_view string) {
    const char* end = string.data() + string.size();
    if (escape_ >= end) return false;
    if (escape_ < string.data()) find_escape(string.data());
    return escape_ < end;
  }

  const WantedKey* escaped_key(const WantedKeys& node, std::string_view key, bool& is_readable);
  At step_over(At at);
  At step_over_brackets(At at);
  At take(At at, const WantedKey& key);
  At items(At at, const WantedKey& key);
  At only_item(At at, const WantedKey& key);
  At item(At at, const WantedKey& key);
  At value(At at, std::int32_t column);
  At string(At at, std::int32_t column);
  At word(At at, std::int32_t column);
  bool begin_list(const WantedKey& key) {
    const auto list = static_cast<std::uint32_t>(key.list);
    return cells_.begin_list(list, widths_[list]);
  }
  bool put(std::int32_t column, JsonCell::Kind kind, std::string_view value) {
    const auto to = static_cast<std::uint32_t>(column);
    return list_ == WantedKey::kNone
               ? cells_.put(to, kind, value)
               : cells_.put_in_row(static_cast<std::uint32_t>(list_), to, kind, value);
  }
  At put(At next, std::int32_t column, JsonCell::Kind kind, std::string_view value) {
    return put(column, kind, value) ? next : fail(kSecondValue, next);
  }

  static constexpr std::string_view kSecondValue = "a second value for a key";
  static constexpr std::string_view kNoEscape = "no escape that JSON knows";

  const char* text_;
  const char* text_end_;
  const char* escape_ = nullptr;  // the first backslash behind the strings that were asked about
  At end_;
  std::span<const WantedKeys> nodes_;
  const std::vector<bool>& is_shared_;
  std::span<const std::uint32_t> widths_;
  JsonCells& cells_;
  char* unescaped_;  // behind the texts that had escapes
  std::string unescaped_key_;
  std::int32_t list_ = WantedKey::kNone;  // whose row is being filled
  std::string_view problem_;
  const char* failed_at_ = nullptr;
};

// Past an object or list that nobody asked for.
At Walk::step_over_brackets(At at) {
  std::size_t depth = 0;
  do {
    const char c = text_[*at];
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (++at > end_) return fail("the end, within a value", at);
  } while (depth > 0);
  return at;
}

At Walk::step_over(At at) {
  switch (text_[*at]) {
    case '{':
    case '[':
      return step_over_brackets(at);
    case '}':
    case ']':
    case ',':
    case ':':
      return fail("no value", at);
    default:
      return at < end_ ? at + 1 : fail("the end, within a value", at + 1);
  }
}

At Walk::string(At at, std::int32_t column) {
  const char* begin = text_ + at[0] + 1;
  const char* last = text_ + at[1] - 1;
  while (is_blank(*last)) --last;
  if (*last != '"' || last < begin) return fail("no string", at);
  std::string_view value(begin, static_cast<std::size_t>(last - begin));
  if (has_escape(value)) {
    char* const from = std::exchange(unescaped_, unescape(value, unescaped_));
    if (unescaped_ == nullptr) return fail(kNoEscape, at + 1);
    value = {from, static_cast<std::size_t>(unescaped_ - from)};
  }
  return put(at + 1, column, JsonCell::Kind::Text, value);
}

At Walk::word(At at, std::int32_t column) {
  using Kind = JsonCell::Kind;
  const auto value = token(at);
  const auto next = step_over(at);
  if (next == nullptr) return next;
  if (value == "true") return put(next, column, Kind::True, value);
  if (value == "false") return put(next, column, Kind::False, value);
  if (value == "null") return put(next, column, Kind::Null, value);
  return fail("no value", next);
}

At Walk::value(At at, std::int32_t column) {
  const char c = text_[*at];
  if (c == '"') return string(at, column);
  if (c == '-' || (c >= '0' && c <= '9'))
    return put(at + 1, column, JsonCell::Kind::Number, token(at));
  if (c != '{' && c != '[') return word(at, column);
  const auto next = step_over_brackets(at);
  if (next == nullptr) return next;
  return put(next, column, JsonCell::Kind::Whole, {text_ + *at, next[-1] + 1 - *at});
}

// An item of a list of which the items themselves are wanted, or members of them.
At Walk::item(At at, const WantedKey& key) {
  if (!cells_.add_row(static_cast<std::uint32_t>(key.list))) return step_over(at);
  if (text_[*at] == '{' && key.item_node != WantedKey::kNone) return object(at, key.item_node);
  return key.item_column == WantedKey::kNone ? step_over(at) : value(at, key.item_column);
}

At Walk::items(At at, const WantedKey& key) {
  if (!begin_list(key)) return fail(kSecondValue, at);
  list_ = key.list;
  ++at;
  while (text_[*at] != ']') {
    at = item(at, key);
    if (at == nullptr) return at;
    if (text_[*at] != ',') break;
    ++at;
    if (text_[*at] == ']') return fail("no value", at);
  }
  if (text_[*at] != ']') return fail("no ',' or ']'", at);
  list_ = WantedKey::kNone;
  return at + 1;
}

// Some writers leave out the brackets of a list of one.
At Walk::only_item(At at, const WantedKey& key) {
  if (!begin_list(key)) return fail(kSecondValue, at);
  list_ = key.list;
  at = item(at, key);
  list_ = WantedKey::kNone;
  return at;
}

At Walk::take(At at, const WantedKey& key) {
  const char c = text_[*at];
  if (c == '[' && key.list != WantedKey::kNone) return items(at, key);
  if (c == '{' && key.node != WantedKey::kNone) {
    const auto next = object(at, key.node);
    if (next == nullptr || key.column == WantedKey::kNone) return next;
    // Of two shapes of a field, {"Id": {"#text": 7}} and {"Id": 7}, the inner one is the value.
    const auto column = static_cast<std::uint32_t>(key.column);
    if (list_ == WantedKey::kNone && is_shared_[column] && cells_.at(column).has_value())
      return next;
    return put(next, key.column, JsonCell::Kind::Whole, {text_ + *at, next[-1] + 1 - *at});
  }
  if (key.column != WantedKey::kNone) return value(at, key.column);
  const bool only_as_item = key.list != WantedKey::kNone && key.node == WantedKey::kNone;
  return only_as_item ? only_item(at, key) : step_over(at);
}

const WantedKey* Walk::escaped_key(const WantedKeys& node, std::string_view key,
                                   bool& is_readable) {
  unescaped_key_.resize(key.size() + 8);  // for its mark
  const char* const begin = unescaped_key_.data();
  const char* const end = unescape(key, unescaped_key_.data());
  is_readable = end != nullptr;
  return is_readable ? node.find(begin, static_cast<std::size_t>(end - begin)) : nullptr;
}

At Walk::object(At at, std::int32_t number) {
  const auto& node = nodes_[static_cast<std::size_t>(number)];
  ++at;
  if (text_[*at] == '}') return at + 1;
  for (;;) {
    if (text_[at[0]] != '"' || text_[at[1]] != ':') return fail("no key", at);
    // Between a key and its colon is nothing but blanks: what else stood there would have a
    // position.
    const char* begin = text_ + at[0] + 1;
    const char* end = text_ + at[1] - 1;
    while (*end != '"') --end;
    const std::string_view name(begin, static_cast<std::size_t>(end - begin));
    at += 2;
    const WantedKey* wanted = nullptr;
    if (!has_escape(name)) {
      wanted = node.find(name.data(), name.size());
    } else {
      bool is_readable = false;
      wanted = escaped_key(node, name, is_readable);
      if (!is_readable) return fail(kNoEscape, at);
    }
    at = wanted != nullptr ? take(at, *wanted) : step_over(at);
    if (at == nullptr) return at;
    const char c = text_[*at];
    if (c == '}') return at + 1;
    if (c != ',') return fail("no ',' or '}'", at);
    ++at;
  }
}

}  // namespace

struct JsonScanner::State {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> structure;
  std::size_t capacity = 0;
  std::string buffer;     // the record and its padding
  std::string unescaped;  // room for texts that had escapes; never longer than the record
  std::size_t size = 0;

  Status prepare(std::string_view record);
};

// Copies the record and finds its structure.
Status JsonScanner::State::prepare(std::string_view record) {
  if (record.size() > kMaxBytes) {
    return Error(Code::Exhausted,
                 fmt::format("JSON of {} bytes, allowed are {}", record.size(), kMaxBytes));
  }
  size = record.size();
  if (buffer.size() < size + kPadding) buffer.resize(2 * size + kPadding);
  if (size > 0) std::memcpy(buffer.data(), record.data(), size);
  std::memset(buffer.data() + size, 0, kPadding);
  if (unescaped.size() < size) unescaped.resize(2 * size);
  if (structure == nullptr || capacity < size) {
    capacity = std::max<std::size_t>(2 * size, 4096);
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, kDepth, structure);
    if (error) return Error(Code::Exhausted, simdjson::error_message(error));
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(buffer.data());
  const auto error = structure->stage1(bytes, size, simdjson::stage1_mode::regular);
  if (error) {
    return Error(Code::InvalidArgument,
                 fmt::format("not valid JSON: {}", simdjson::error_message(error)));
  }
  return {};
}

JsonScanner::JsonScanner() : state_(std::make_unique<State>()) {}
JsonScanner::JsonScanner(JsonScanner&&) noexcept = default;
JsonScanner& JsonScanner::operator=(JsonScanner&&) noexcept = default;
JsonScanner::~JsonScanner() = default;

Status JsonScanner::scan(std::string_view record, const JsonSelection& selection,
                         JsonCells& cells) {
  cells.begin(selection.single_columns(), selection.list_widths().size());
  return scan_from(0, record, selection, cells);
}

Status JsonScanner::scan_part(std::string_view object, const JsonSelection::Path& path,
                              const JsonSelection& selection, JsonCells& cells) {
  std::int32_t node = 0;
  for (const auto& step : path) {
    const auto& keys = selection.state_->nodes[static_cast<std::size_t>(node)].keys;
    const auto key = std::ranges::find(keys, step, &WantedKey::key);
    if (key == keys.end() || key->node == WantedKey::kNone) return {};
    node = key->node;
  }
  return scan_from(node, object, selection, cells);
}

Status JsonScanner::scan_from(std::int32_t node, std::string_view object,
                              const JsonSelection& selection, JsonCells& cells) {
  auto& state = *state_;
  WINNOW_TRY(state.prepare(object));
  const At begin = state.structure->structural_indexes.get();
  Walk walk(bytes(), begin, state.structure->n_structural_indexes, selection.state_->nodes,
            selection.state_->is_shared, selection.list_widths(), cells, state.unescaped.data());
  At at = walk.at(begin) == '{' ? walk.object(begin, node) : walk.fail("no object", begin);
  if (at != nullptr && at != walk.end()) at = walk.fail("something behind the object", at);
  return at != nullptr ? Status() : Status(walk.refused());
}

std::string_view JsonScanner::bytes() const { return {state_->buffer.data(), state_->size}; }

}  // namespace winnow
