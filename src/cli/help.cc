#include "cli/detail/help.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace winnow::cli {
namespace {

using Kind = Option::Kind;

constexpr std::size_t kMeaningAt = 24;  // the column where an option's meaning begins
constexpr std::size_t kWidest = 100;

bool is_positional(const Option& option) {
  return option.kind == Kind::Positional || option.kind == Kind::Positionals;
}

std::string in_capitals(std::string_view name) {
  std::string text(name);
  for (auto& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// "--limit N", "--route close|queue", "--json", "INPUT...".
std::string spelled(const Option& option) {
  if (is_positional(option))
    return in_capitals(option.name) + (option.kind == Kind::Positionals ? "..." : "");
  auto name = fmt::format("--{}", option.name);
  if (option.kind == Kind::Flag) return name;
  if (option.kind == Kind::Integer) return name + " N";
  if (option.kind == Kind::Number) return name + " X";
  return fmt::format("{} {}", name,
                     option.choices.empty() ? in_capitals(option.name)
                                            : fmt::format("{}", fmt::join(option.choices, "|")));
}

// Appends `text` word by word; lines after the first begin with `indent` blanks.
void wrap(std::string& out, std::string_view text, std::size_t at, std::size_t indent,
          std::size_t width) {
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find(' ', from), text.size());
    const auto word = text.substr(from, end - from);
    if (at > indent && at + 1 + word.size() > width) {
      out += "\n" + std::string(indent, ' ');
      at = indent;
    } else if (at > indent) {
      out += ' ';
      ++at;
    }
    out += word;
    at += word.size();
    from = end + 1;
  }
  out += '\n';
}

// Lines that begin with a blank are examples and stay as they are.
void add_paragraphs(std::string& page, std::string_view text, std::size_t width) {
  for (std::size_t from = 0; from < text.size();) {
    const auto end = std::min(text.find('\n', from), text.size());
    const auto line = text.substr(from, end - from);
    if (line.starts_with(' ')) {
      page += fmt::format("{}\n", line);
    } else {
      wrap(page, line, 0, 0, width);
    }
    from = end + 1;
  }
}

void add_option(std::string& page, const Option& option, std::size_t width) {
  std::string line = "  " + spelled(option);
  if (line.size() + 2 > kMeaningAt) {
    page += line + "\n";
    line.clear();
  }
  page += line + std::string(kMeaningAt - line.size(), ' ');
  const auto fallback =
      option.fallback.empty() ? "" : fmt::format(" (default: {})", option.fallback);
  wrap(page, std::string(option.meaning) + fallback, kMeaningAt, kMeaningAt, width);
}

}  // namespace

std::string help_page(const Command& command, std::size_t width) {
  width = std::clamp<std::size_t>(width, 60, kWidest);
  std::string page = fmt::format("Usage: winnow {} [OPTIONS]", command.path);
  for (const auto& option : command.options) {
    if (!is_positional(option)) continue;
    page += option.required ? " " + spelled(option) : fmt::format(" [{}]", spelled(option));
  }
  page += fmt::format("\n\n{}.\n", command.summary);
  if (!command.details.empty()) add_paragraphs(page += '\n', command.details, width);
  page += '\n';
  for (const auto& option : command.options) {
    if (is_positional(option)) add_option(page, option, width);
  }
  for (const auto& option : command.options) {
    if (!is_positional(option)) add_option(page, option, width);
  }
  for (const auto& option : common_options()) add_option(page, option, width);
  return page + fmt::format("\nExample:\n  {}\n", command.example);
}

}  // namespace winnow::cli
