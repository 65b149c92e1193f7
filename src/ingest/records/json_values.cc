#include "ingest/records/json_values.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Behind the string that begins at `at`; npos where it does not end.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

// Behind the value that begins at `at`, which is no blank; npos where it does not end, or where a
// bracket closes nothing. A word or number ends before a blank, a comma or a bracket.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  for (std::size_t depth = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"') {
      at = end_of_string(text, at);
      if (depth == 0 || at == std::string_view::npos) return at;
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return std::string_view::npos;
      ++at;
      if (--depth == 0) return at;
    } else if (depth == 0) {
      return std::min(text.find_first_of(" \t\r\n,{}[]\"", at + 1), text.size());
    } else {
      ++at;
    }
  }
  return std::string_view::npos;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

Error no_value(std::size_t number) {
  return Error(Code::InvalidArgument, fmt::format("value {} is no whole JSON value", number));
}

}  // namespace

std::size_t json_value_end(std::string_view text) {
  return text.empty() ? std::string_view::npos : end_of_value(text, 0);
}

Result<std::vector<std::string_view>> split_json_values(std::string_view text) {
  std::vector<std::string_view> values;
  for (auto at = skip_blanks(text, 0); at < text.size(); at = skip_blanks(text, at)) {
    const auto end = end_of_value(text, at);
    if (end == std::string_view::npos) return no_value(values.size());
    values.push_back(text.substr(at, end - at));
    at = end;
  }
  return values;
}

Result<std::vector<std::string_view>> split_json_array(std::string_view text) {
  text = trim_ascii(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']')
    return Error(Code::InvalidArgument, "it is no JSON array");
  text = text.substr(1, text.size() - 2);
  std::vector<std::string_view> items;
  auto at = skip_blanks(text, 0);
  while (at < text.size()) {
    const auto end = end_of_value(text, at);
    if (end == std::string_view::npos || text[at] == ',') return no_value(items.size());
    items.push_back(text.substr(at, end - at));
    at = skip_blanks(text, end);
    if (at == text.size()) break;
    if (text[at] != ',') return no_value(items.size());
    at = skip_blanks(text, at + 1);
    if (at == text.size()) return no_value(items.size());
  }
  return items;
}

}  // namespace winnow
