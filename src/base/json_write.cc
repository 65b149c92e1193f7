// Writing JSON: plain, indented, and canonical (RFC 8785).
#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"

namespace winnow {
namespace {

constexpr std::int64_t kMaxExactInteger = std::int64_t{1} << 53;

void append_escaped(std::string& out, std::string_view text) {
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, from, i - from);
    from = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += fmt::format("\\u{:04x}", c);
    }
  }
  out.append(text, from, text.size() - from);
}

// RFC 8785 section 3.2.3 sorts by UTF-16 code units. UTF-8 bytes sort the same way except that
// U+E000..U+FFFF (lead bytes EE, EF) come after the surrogates of U+10000 and above (F0..F4).
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [x, y] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (x == a.end() || y == b.end()) return x == a.end() && y != b.end();
  const auto weight = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0xEE || byte == 0xEF ? byte + 0x10 : int{byte};
  };
  return weight(*x) < weight(*y);
}

struct Writer {
  std::string out;
  int indent = 0;  // 0: one line

  void new_line(int level) {
    if (indent == 0) return;
    out.push_back('\n');
    out.append(static_cast<std::size_t>(indent) * static_cast<std::size_t>(level), ' ');
  }

  template <typename Range, typename Each>
  void sequence(char open, char close, const Range& range, int level, Each each) {
    out.push_back(open);
    bool first = true;
    for (const auto& item : range) {
      if (!first) out.push_back(',');
      first = false;
      new_line(level + 1);
      each(item);
    }
    if (!first) new_line(level);
    out.push_back(close);
  }

  void write(const Json& json, int level = 0) {
    if (json.is_null())
      out += "null";
    else if (json.is_bool())
      out += json.as_bool() ? "true" : "false";
    else if (json.is_int())
      out += fmt::format("{}", json.as_int());
    else if (json.is_number())
      append_json_number(out, json.as_double());
    else if (json.is_string())
      append_json_string(out, json.as_string());
    else if (json.is_array()) {
      sequence('[', ']', json.items(), level, [&](const Json& item) { write(item, level + 1); });
    } else {
      sequence('{', '}', json.members(), level, [&](const Json::Member& member) {
        append_json_string(out, member.first);
        out += indent == 0 ? ":" : ": ";
        write(member.second, level + 1);
      });
    }
  }
};

// Whether a reader that knows doubles only would write the integer with the same digits. Beyond
// 2^53 that holds for the integers that doubles are written as, so that a canonical form stays what
// it is when read back.
bool is_form_of_a_double(std::int64_t integer, std::string_view digits) {
  if (integer >= -kMaxExactInteger && integer <= kMaxExactInteger) return true;
  std::string form;
  append_json_number(form, static_cast<double>(integer));
  return form == digits;
}

Status write_canonical(const Json& json, std::string& out) {
  const auto text = [&](std::string_view value) -> Status {
    if (!is_valid_utf8(value))
      return Error(Code::InvalidArgument, "canonical JSON holds UTF-8 only");
    out.push_back('"');
    append_escaped(out, value);
    out.push_back('"');
    return {};
  };
  if (json.is_int()) {
    const auto digits = fmt::format("{}", json.as_int());
    if (!is_form_of_a_double(json.as_int(), digits)) {
      return Error(Code::InvalidArgument, fmt::format("the integer {} has no exact double", digits))
          .with_hint("write it as a string");
    }
    out += digits;
  } else if (json.is_number()) {
    if (!std::isfinite(json.as_double())) {
      return Error(Code::InvalidArgument, "canonical JSON holds finite numbers only");
    }
    append_json_number(out, json.as_double());
  } else if (json.is_string()) {
    return text(json.as_string());
  } else if (json.is_array()) {
    out.push_back('[');
    for (std::size_t i = 0; i < json.size(); ++i) {
      if (i > 0) out.push_back(',');
      WINNOW_TRY(write_canonical(json[i], out));
    }
    out.push_back(']');
  } else if (json.is_object()) {
    std::vector<const Json::Member*> sorted;
    for (const auto& member : json.members()) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(),
              [](auto* a, auto* b) { return utf16_less(a->first, b->first); });
    out.push_back('{');
    for (const auto* member : sorted) {
      if (member != sorted.front()) out.push_back(',');
      WINNOW_TRY(text(member->first));
      out.push_back(':');
      WINNOW_TRY(write_canonical(member->second, out));
    }
    out.push_back('}');
  } else {
    out += json.is_null() ? "null" : json.as_bool() ? "true" : "false";
  }
  return {};
}

}  // namespace

std::string to_text(const Json& json) {
  Writer writer;
  writer.write(json);
  return std::move(writer.out);
}

std::string to_pretty_text(const Json& json) {
  Writer writer{.out = {}, .indent = 2};
  writer.write(json);
  return std::move(writer.out);
}

Result<std::string> to_canonical(const Json& json) {
  std::string out;
  WINNOW_TRY(write_canonical(json, out));
  return out;
}

void append_json_string(std::string& out, std::string_view text) {
  out.push_back('"');
  if (is_valid_utf8(text)) {
    append_escaped(out, text);
  } else {
    append_escaped(out, to_valid_utf8(text));
  }
  out.push_back('"');
}

// ECMA-262 Number::toString: the shortest digits, as an integer up to 21 digits, as a fraction
// down to 1e-6, in exponent form otherwise.
void append_json_number(std::string& out, double number) {
  if (!std::isfinite(number)) {
    out += "null";
    return;
  }
  if (number == 0) {  // -0 is written 0
    out.push_back('0');
    return;
  }
  if (number < 0) out.push_back('-');
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(number),
                                 std::chars_format::scientific)
                       .ptr;
  const std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
  const auto e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 1) digits.append(text.substr(2, e - 2));
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);
  const int k = static_cast<int>(digits.size());
  const int n = exponent + 1;  // the decimal point stands after the n-th digit
  if (k <= n && n <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(n - k), '0');
  } else if (0 < n && n <= 21) {
    out += digits.substr(0, static_cast<std::size_t>(n)) + "." +
           digits.substr(static_cast<std::size_t>(n));
  } else if (-6 < n && n <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-n), '0');
    out += digits;
  } else {
    out.push_back(digits[0]);
    if (k > 1) out += "." + digits.substr(1);
    out += fmt::format("e{}{}", n - 1 < 0 ? '-' : '+', std::abs(n - 1));
  }
}

}  // namespace winnow
