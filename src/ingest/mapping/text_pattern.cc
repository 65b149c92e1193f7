#include "ingest/mapping/detail/text_pattern.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <re2/re2.h>

namespace winnow::mapping {
namespace {

constexpr std::int64_t kMostProgram = 1 << 20;  // bytes of a compiled regular expression
constexpr std::string_view kOpen = "%{";

Error refused(std::string message) { return {Code::InvalidArgument, std::move(message)}; }

bool is_name(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

}  // namespace

Result<TextPattern> TextPattern::of_template(std::string_view text) {
  TextPattern made;
  const auto take_literal = [&text] {
    const auto size = std::min(text.find(kOpen), text.size());
    const auto literal = text.substr(0, size);
    text.remove_prefix(size);
    return literal;
  };
  made.front_ = take_literal();
  while (!text.empty()) {
    const auto end = text.find('}');
    if (end == std::string_view::npos)
      return refused(fmt::format("the field '{}' does not end: '}}' is missing", text));
    auto name = text.substr(kOpen.size(), end - kOpen.size());
    text.remove_prefix(end + 1);
    Part part;
    part.is_padded = name.ends_with("->");
    if (part.is_padded) name.remove_suffix(2);
    part.is_named = !name.empty() && !name.starts_with('?');
    if (part.is_named && !is_name(name))
      return refused(
          fmt::format("'{}' is no name of a field: letters, digits, '_', '-', '.'", name));
    if (part.is_named && std::ranges::find(made.fields_, name) != made.fields_.end())
      return refused(fmt::format("the field '{}' stands twice", name));
    if (part.is_named) made.fields_.emplace_back(name);
    part.behind = take_literal();
    if (part.behind.empty() && !text.empty())
      return refused(fmt::format("no text ends the field '{}': another follows at once", name));
    if (part.behind.empty() && part.is_padded)
      return refused(fmt::format("no text follows '{}', which could stand several times", name));
    made.parts_.push_back(std::move(part));
  }
  if (made.fields_.empty()) return refused("a template without a field: '%{name}'");
  if (made.parts_.size() > kMostFields)
    return refused(fmt::format("a template has at most {} fields", kMostFields));
  return made;
}

Result<TextPattern> TextPattern::of_regex(std::string_view text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMostProgram);
  auto regex =
      std::make_shared<const re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
  if (!regex->ok()) return refused(fmt::format("no regular expression: {}", regex->error()));
  TextPattern made;
  for (const auto& [name, group] : regex->NamedCapturingGroups()) {
    made.fields_.push_back(name);
    made.groups_.push_back(group);
  }
  if (made.fields_.empty())
    return refused("a regular expression without a named group: '(?P<name>...)'");
  if (static_cast<std::size_t>(regex->NumberOfCapturingGroups()) > kMostFields)
    return refused(fmt::format("a regular expression has at most {} groups", kMostFields));
  made.regex_ = std::move(regex);
  return made;
}

bool TextPattern::match_parts(std::string_view line, std::vector<std::string_view>& texts) const {
  if (!line.starts_with(front_)) return false;
  line.remove_prefix(front_.size());
  for (const auto& part : parts_) {
    const bool is_last = &part == &parts_.back();
    if (is_last && !line.ends_with(part.behind)) return false;
    const auto size = is_last ? line.size() - part.behind.size() : line.find(part.behind);
    if (size == std::string_view::npos) return false;
    if (part.is_named) texts.push_back(line.substr(0, size));
    line.remove_prefix(size + part.behind.size());
    while (part.is_padded && line.starts_with(part.behind)) line.remove_prefix(part.behind.size());
  }
  return line.empty();
}

bool TextPattern::match(std::string_view line, std::vector<std::string_view>& texts) const {
  texts.clear();
  if (!regex_) return match_parts(line, texts);
  std::array<re2::StringPiece, kMostFields + 1> groups;
  const auto count = regex_->NumberOfCapturingGroups() + 1;
  if (!regex_->Match({line.data(), line.size()}, 0, line.size(), re2::RE2::ANCHOR_BOTH,
                     groups.data(), count))
    return false;
  for (const auto group : groups_) {
    const auto& found = groups[static_cast<std::size_t>(group)];
    texts.push_back(found.data() == nullptr ? std::string_view()
                                            : std::string_view(found.data(), found.size()));
  }
  return true;
}

}  // namespace winnow::mapping
