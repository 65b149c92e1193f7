#include "server/query.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/utf8.h"
#include "base/yaml.h"
#include "names/url.h"

namespace winnow::server {
namespace {

constexpr std::size_t kMostCharacters = 320;  // of RFC 5321: the longest mailbox

// What the parameter's schema says, in characters as JSON schemas count.
std::size_t most_characters(const Parameter& parameter) {
  constexpr std::string_view kKey = R"("maxLength":)";
  const auto at = parameter.schema.find(kKey);
  if (at == std::string_view::npos) return kMostCharacters;
  std::size_t most = 0;
  const auto digits = parameter.schema.substr(at + kKey.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), most);
  return most;
}

// Of UTF-8: every byte that continues none.
std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

Error unknown_parameter(std::string_view name, const Route& route) {
  std::vector<std::string> known;
  for (const auto& parameter : route.parameters) known.emplace_back(parameter.name);
  const auto near = nearest(name, known);
  Error error(Code::InvalidArgument,
              fmt::format("there is no parameter '{}' here", to_valid_utf8(name.substr(0, 64))));
  return near.empty() ? error : std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
}

}  // namespace

std::string decode_value(std::string_view text) {
  std::string value(text);
  std::ranges::replace(value, '+', ' ');
  return percent_decode(value);
}

Result<Query> Query::parse(std::string_view text, const Route& route) {
  Query query;
  while (!text.empty()) {
    const auto piece = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    if (piece.empty()) continue;
    const auto name = piece.substr(0, piece.find('='));
    const auto known = std::ranges::find(route.parameters, name, &Parameter::name);
    if (known == route.parameters.end()) return unknown_parameter(name, route);
    if (query.has(known->name))
      return Error(Code::InvalidArgument, fmt::format("'{}' comes twice", known->name));
    auto value = decode_value(piece.substr(std::min(piece.size(), name.size() + 1)));
    const auto most = most_characters(*known);
    if (!is_valid_utf8(value) || characters_in(value) > most)
      return Error(
          Code::InvalidArgument,
          fmt::format("'{}' is longer than {} characters, or not UTF-8", known->name, most));
    query.values_.emplace_back(known->name, std::move(value));
  }
  for (const auto& parameter : route.parameters) {
    if (parameter.required && !query.has(parameter.name))
      return Error(Code::InvalidArgument,
                   fmt::format("'{}' is missing: {}", parameter.name, parameter.meaning));
  }
  return query;
}

bool Query::has(std::string_view name) const {
  return std::ranges::any_of(values_, [&](const auto& value) { return value.first == name; });
}

const std::string& Query::text(std::string_view name) const {
  static const std::string kNone;
  const auto found =
      std::ranges::find_if(values_, [&](const auto& value) { return value.first == name; });
  return found == values_.end() ? kNone : found->second;
}

Result<std::optional<Timestamp>> Query::time(std::string_view name) const {
  if (!has(name)) return std::optional<Timestamp>();
  // People write an offset's plus as it is: +01:00.
  constexpr std::size_t kOffset = 6;
  auto written = text(name);
  if (written.size() > kOffset && written[written.size() - kOffset] == ' ')
    written[written.size() - kOffset] = '+';
  const auto time = Timestamp::parse(written);
  if (time) return std::optional(*time);
  return Error(Code::InvalidArgument, fmt::format("'{}' is no time: '{}'", name, text(name)))
      .with_hint("RFC 3339, such as 2026-03-03T14:00:00Z");
}

Result<Domain> Query::domain(std::string_view name) const {
  const auto domain = domain_named(text(name));
  if (domain) return *domain;
  return Error(Code::InvalidArgument, fmt::format("there is no domain '{}'", text(name)))
      .with_hint("mail, network, endpoint, cloud or alerts");
}

Result<std::uint64_t> Query::number(std::string_view name, std::uint64_t otherwise,
                                    std::uint64_t least, std::uint64_t most) const {
  if (!has(name)) return otherwise;
  const auto& digits = text(name);
  std::uint64_t number = 0;
  const auto* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, number);
  if (error == std::errc() && rest == end && number >= least && number <= most) return number;
  return Error(Code::InvalidArgument,
               fmt::format("'{}' is no number from {} to {}", name, least, most));
}

}  // namespace winnow::server
