#include "tests/server/promql.h"

#include <array>
#include <regex>
#include <vector>

namespace winnow::testing {
namespace {

// Names, marks, numbers with units, and texts; blanks between them are left out.
std::vector<std::string> tokens_of(const std::string& expression) {
  static const std::regex kToken(
      R"re("(?:[^"\\]|\\.)*"|\$[a-z_]+|[0-9.]+(?:e[0-9]+|[a-z]+)?|[a-zA-Z_:][a-zA-Z0-9_:]*|=~|!~|!=|[^\s])re");
  std::vector<std::string> tokens;
  for (std::sregex_iterator it(expression.begin(), expression.end(), kToken), end; it != end; ++it)
    tokens.push_back(it->str());
  return tokens;
}

bool is_name(const std::string& token) {
  static const std::regex kName("[a-zA-Z_:][a-zA-Z0-9_:]*");
  return std::regex_match(token, kName);
}

bool takes_labels(const std::string& word) {
  static const std::set<std::string> kWords = {"by",       "without",    "on",
                                               "ignoring", "group_left", "group_right"};
  return kWords.contains(word);
}

bool is_operator(const std::string& word) {
  static const std::set<std::string> kWords = {"and", "or", "unless", "bool", "offset"};
  return kWords.contains(word);
}

}  // namespace

Named named_in(std::string_view expression) {
  const auto tokens = tokens_of(std::string(expression));
  const auto at = [&](std::size_t i) { return i < tokens.size() ? tokens[i] : std::string(); };
  Named named;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (takes_labels(tokens[i]) && at(i + 1) == "(") {
      for (i += 2; i < tokens.size() && tokens[i] != ")"; ++i) {
        if (is_name(tokens[i])) named.grouped.insert(tokens[i]);
      }
    } else if (is_name(tokens[i]) && at(i + 1) != "(" && !takes_labels(tokens[i]) &&
               !is_operator(tokens[i])) {
      const bool is_function = takes_labels(at(i + 1));  // sum by (le) (...)
      if (is_function) continue;
      auto& labels = named.metrics[tokens[i]];
      if (at(i + 1) != "{") continue;
      for (i += 2; i < tokens.size() && tokens[i] != "}"; ++i) {
        if (is_name(tokens[i])) labels.insert(tokens[i]);
      }
    }
  }
  return named;
}

std::map<std::string, std::set<std::string>> metrics_in(std::string_view exposition) {
  static const std::regex kLine(R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? [^ ]+)re");
  static const std::regex kLabel(R"re(([a-zA-Z_][a-zA-Z0-9_]*)="(?:[^"\\]|\\.)*")re");
  std::map<std::string, std::set<std::string>> metrics;
  while (!exposition.empty()) {
    const auto end = std::min(exposition.find('\n'), exposition.size() - 1);
    const std::string line(exposition.substr(0, end));
    exposition.remove_prefix(end + 1);
    std::smatch match;
    if (line.starts_with('#') || !std::regex_match(line, match, kLine)) continue;
    auto& labels = metrics[match[1]];
    const std::string inside = match[2];
    for (std::sregex_iterator it(inside.begin(), inside.end(), kLabel), last; it != last; ++it)
      labels.insert((*it)[1]);
  }
  return metrics;
}

}  // namespace winnow::testing
