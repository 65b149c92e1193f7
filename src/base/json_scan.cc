#include "base/json_scan.h"

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

// Appends what the escape behind the backslash at `at` stands for, and moves past it; false where
// it is none (RFC 8259, section 7).
bool append_escape(std::string& out, std::string_view text, std::size_t& at) {
  if (at + 1 >= text.size()) return false;
  constexpr std::string_view kLetters = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  const char letter = text[at + 1];
  at += 2;
  if (letter != 'u') {
    const auto which = kLetters.find(letter);
    if (which != std::string_view::npos) out += kMeanings[which];
    return which != std::string_view::npos;
  }
  const auto first = read_hex4(text, at);
  if (!first) return false;
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
  append_utf8(out, code_point);
  return true;
}

bool unescape(std::string_view text, std::string& out) {
  for (std::size_t at = 0; at < text.size();) {
    const auto next = std::min(text.find('\\', at), text.size());
    out.append(text, at, next - at);
    at = next;
    if (at < text.size() && !append_escape(out, text, at)) return false;
  }
  return true;
}

}  // namespace

// The structure of a record is a list of positions: brackets, colons, commas, and where strings,
// numbers and words begin.
struct JsonScanner::State {
  std::unique_ptr<simdjson::internal::dom_parser_implementation> structure;
  std::size_t capacity = 0;
  std::string buffer;     // the record and its padding
  std::string unescaped;  // texts that had escapes; never longer than the record
  std::string unescaped_key;
  std::size_t size = 0;

  // While a record is scanned.
  const JsonSelection::State* selection = nullptr;
  JsonCells* cells = nullptr;
  const char* text = nullptr;
  const std::uint32_t* positions = nullptr;
  std::size_t count = 0;
  std::size_t at = 0;                    // the next position
  std::int32_t list = WantedKey::kNone;  // whose row is being filled
  bool has_escapes = false;
  std::string problem;

  Status prepare(std::string_view record);
  Error refused(std::string_view what) const;
  char next() const { return text[positions[at]]; }
  bool fail(std::string_view what);

  bool walk_object(std::int32_t node);
  const WantedKey* read_key(std::int32_t node, bool& readable);
  bool take(const WantedKey& key);
  bool walk_items(const WantedKey& key);
  bool take_only_item(const WantedKey& key);
  bool take_item(const WantedKey& key);
  bool put_value(std::int32_t column);
  bool put(std::int32_t column, JsonCell::Kind kind, std::string_view value);
  bool read_text(std::string_view& value);
  std::string_view token() const;
  bool step_over();
};

Error JsonScanner::State::refused(std::string_view what) const {
  const auto where = at < count ? positions[at] : size;
  return Error(Code::InvalidArgument, fmt::format("not valid JSON: {} at byte {}", what, where));
}

bool JsonScanner::State::fail(std::string_view what) {
  if (problem.empty()) problem = what;
  return false;
}

// The bytes of the token at the next position, up to the one behind it, without blanks.
std::string_view JsonScanner::State::token() const {
  const char* begin = text + positions[at];
  const char* end = text + positions[at + 1];
  while (end > begin && is_blank(end[-1])) --end;
  return {begin, static_cast<std::size_t>(end - begin)};
}

// Past the value at the next position.
bool JsonScanner::State::step_over() {
  std::size_t depth = 0;
  do {
    const char c = next();
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return fail("no value");
      --depth;
    } else if (depth == 0 && (c == ',' || c == ':')) {
      return fail("no value");
    }
    if (++at > count) return fail("the end, within a value");
  } while (depth > 0);
  return true;
}

bool JsonScanner::State::read_text(std::string_view& value) {
  value = token();
  if (value.size() < 2 || value.back() != '"') return fail("no string");
  value = value.substr(1, value.size() - 2);
  ++at;
  if (!has_escapes || value.find('\\') == std::string_view::npos) return true;
  const auto begin = unescaped.size();
  if (!unescape(value, unescaped)) return fail("no escape that JSON knows");
  value = std::string_view(unescaped).substr(begin);
  return true;
}

bool JsonScanner::State::put(std::int32_t column, JsonCell::Kind kind, std::string_view value) {
  const auto to = static_cast<std::uint32_t>(column);
  const bool fresh = list == WantedKey::kNone
                         ? cells->put(to, kind, value)
                         : cells->put_in_row(static_cast<std::uint32_t>(list), to, kind, value);
  return fresh || fail("a second value for a key");
}

bool JsonScanner::State::put_value(std::int32_t column) {
  using Kind = JsonCell::Kind;
  std::string_view value;
  const char c = next();
  if (c == '"') return read_text(value) && put(column, Kind::Text, value);
  if (c == '{' || c == '[') {
    const auto begin = positions[at];
    if (!step_over()) return false;
    return put(column, Kind::Whole, {text + begin, positions[at - 1] + 1 - begin});
  }
  value = token();
  if (!step_over()) return false;
  if (c == '-' || (c >= '0' && c <= '9')) return put(column, Kind::Number, value);
  if (value == "true") return put(column, Kind::True, value);
  if (value == "false") return put(column, Kind::False, value);
  if (value == "null") return put(column, Kind::Null, value);
  return fail("no value");
}

// An item of a list of which the items themselves are wanted, or members of them.
bool JsonScanner::State::take_item(const WantedKey& key) {
  if (!cells->add_row(static_cast<std::uint32_t>(key.list))) return step_over();
  if (next() == '{' && key.item_node != WantedKey::kNone) return walk_object(key.item_node);
  return key.item_column == WantedKey::kNone ? step_over() : put_value(key.item_column);
}

bool JsonScanner::State::walk_items(const WantedKey& key) {
  if (!cells->begin_list(static_cast<std::uint32_t>(key.list)))
    return fail("a second value for a key");
  list = key.list;
  ++at;
  while (next() != ']') {
    if (!take_item(key)) return false;
    if (next() != ',') break;
    ++at;
    if (next() == ']') return fail("no value");
  }
  if (next() != ']') return fail("no ',' or ']'");
  ++at;
  list = WantedKey::kNone;
  return true;
}

// Some writers leave out the brackets of a list of one.
bool JsonScanner::State::take_only_item(const WantedKey& key) {
  if (!cells->begin_list(static_cast<std::uint32_t>(key.list)))
    return fail("a second value for a key");
  list = key.list;
  const bool taken = take_item(key);
  list = WantedKey::kNone;
  return taken;
}

bool JsonScanner::State::take(const WantedKey& key) {
  const char c = next();
  if (c == '[' && key.list != WantedKey::kNone) return walk_items(key);
  const bool only_as_item = key.column == WantedKey::kNone && key.node == WantedKey::kNone;
  if (key.list != WantedKey::kNone && only_as_item) return take_only_item(key);
  if (c != '{' || key.node == WantedKey::kNone) {
    return key.column == WantedKey::kNone ? step_over() : put_value(key.column);
  }
  const auto begin = positions[at];
  if (!walk_object(key.node)) return false;
  if (key.column == WantedKey::kNone) return true;
  return put(key.column, JsonCell::Kind::Whole, {text + begin, positions[at - 1] + 1 - begin});
}

// What is wanted by the key at the next position; null where nothing is. Moves to its value.
const WantedKey* JsonScanner::State::read_key(std::int32_t node, bool& readable) {
  readable = next() == '"' && text[positions[at + 1]] == ':';
  if (!readable) {
    fail("no key");
    return nullptr;
  }
  // Between a key and its colon is nothing but blanks: what else stood there would have a position.
  const char* begin = text + positions[at] + 1;
  const char* end = text + positions[at + 1] - 1;
  while (is_blank(*end)) --end;
  at += 2;
  const auto& known = selection->nodes[static_cast<std::size_t>(node)];
  const std::string_view name(begin, static_cast<std::size_t>(end - begin));
  if (!has_escapes || name.find('\\') == std::string_view::npos)
    return known.find(name.data(), name.size());
  unescaped_key.clear();
  readable = unescape(name, unescaped_key);
  if (!readable) {
    fail("no escape that JSON knows");
    return nullptr;
  }
  const auto key_size = unescaped_key.size();
  unescaped_key.append(8, '\0');
  return known.find(unescaped_key.data(), key_size);
}

// Past the object at the next position.
bool JsonScanner::State::walk_object(std::int32_t node) {
  ++at;
  if (next() == '}') {
    ++at;
    return true;
  }
  for (;;) {
    bool readable = false;
    const WantedKey* wanted = read_key(node, readable);
    if (!readable) return false;
    if (!(wanted != nullptr ? take(*wanted) : step_over())) return false;
    const char c = next();
    ++at;
    if (c == '}') return true;
    if (c != ',') {
      --at;
      return fail("no ',' or '}'");
    }
  }
}

Status JsonScanner::State::prepare(std::string_view record) {
  if (record.size() > kMaxBytes) {
    return Error(Code::Exhausted,
                 fmt::format("JSON of {} bytes, allowed are {}", record.size(), kMaxBytes));
  }
  size = record.size();
  if (buffer.size() < size + kPadding) buffer.resize(2 * size + kPadding);
  std::memcpy(buffer.data(), record.data(), size);
  std::memset(buffer.data() + size, 0, kPadding);
  unescaped.clear();
  unescaped.reserve(size);  // views into it stay valid
  if (structure == nullptr || capacity < size) {
    capacity = std::max<std::size_t>(2 * size, 4096);
    const auto error = simdjson::get_active_implementation()->create_dom_parser_implementation(
        capacity, kDepth, structure);
    if (error) return Error(Code::Exhausted, simdjson::error_message(error));
  }
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(buffer.data());
  const auto error = structure->stage1(bytes, size, simdjson::stage1_mode::regular);
  if (error) {
    count = 0;
    return Error(Code::InvalidArgument,
                 fmt::format("not valid JSON: {}", simdjson::error_message(error)));
  }
  positions = structure->structural_indexes.get();
  count = structure->n_structural_indexes;
  return {};
}

JsonScanner::JsonScanner() : state_(std::make_unique<State>()) {}
JsonScanner::JsonScanner(JsonScanner&&) noexcept = default;
JsonScanner& JsonScanner::operator=(JsonScanner&&) noexcept = default;
JsonScanner::~JsonScanner() = default;

Status JsonScanner::scan(std::string_view record, const JsonSelection& selection,
                         JsonCells& cells) {
  auto& state = *state_;
  cells.begin(selection.single_columns(), selection.list_widths());
  WINNOW_TRY(state.prepare(record));
  state.selection = selection.state_.get();
  state.cells = &cells;
  state.text = state.buffer.data();
  state.at = 0;
  state.list = WantedKey::kNone;
  state.has_escapes = std::memchr(state.text, '\\', state.size) != nullptr;
  state.problem.clear();
  if (state.next() != '{') return state.refused("no object");
  if (!state.walk_object(0)) return state.refused(state.problem);
  if (state.at != state.count) return state.refused("something behind the object");
  return {};
}

std::string_view JsonScanner::bytes() const { return {state_->buffer.data(), state_->size}; }

}  // namespace winnow
