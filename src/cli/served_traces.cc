#include "cli/detail/served_traces.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/utf8.h"
#include "cli/detail/secret_file.h"

namespace winnow::cli {
namespace {

constexpr std::string_view kEndpoint = "telemetry.otlp.endpoint";
constexpr std::string_view kHeaders = "telemetry.otlp.headers_file";
constexpr std::string_view kRatio = "telemetry.otlp.ratio";

Status check_endpoint(const std::string& text) {
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
  const bool is_http = text.starts_with("http://") || text.starts_with("https://");
  if (is_plain && is_http && text.find_first_of("?#@") == std::string::npos) return {};
  return Error(Code::InvalidArgument, fmt::format("{}: '{}' is no collector's address", kEndpoint,
                                                  to_valid_utf8(text.substr(0, 100))))
      .with_hint("such as http://127.0.0.1:4318; /v1/traces comes behind it");
}

// RFC 9110, section 5.1: a token. Its value has no control characters.
bool is_field(std::string_view line) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  const auto is_of_token = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kMarks.find(c) != std::string_view::npos;
  };
  return std::ranges::all_of(line.substr(0, colon), is_of_token) &&
         std::ranges::all_of(line.substr(colon), [](char c) { return c >= 0x20 && c != 0x7F; });
}

Result<std::vector<std::string>> fields_of(const Settings& settings) {
  std::vector<std::string> fields;
  const auto file = settings.file(kHeaders);
  if (!file) return fields;
  WINNOW_TRY(const auto text, read_secret_file(*file, kHeaders));
  for (std::string_view rest = text; !rest.empty();) {
    const auto line = trim_ascii(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(rest.size(), rest.find('\n') + 1));
    if (line.empty()) continue;
    if (!is_field(line))
      return Error(Code::InvalidArgument,
                   fmt::format("{}: not each line is 'name: value'", kHeaders));
    fields.emplace_back(line);
  }
  return fields;
}

Result<double> ratio_of(const std::string& text) {
  double ratio = -1;
  const auto* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, ratio);
  if (error == std::errc() && rest == end && ratio >= 0 && ratio <= 1) return ratio;
  return Error(Code::InvalidArgument, fmt::format("{}: '{}' is not from 0 to 1", kRatio, text));
}

}  // namespace

Result<std::optional<trace::TracerOptions>> served_traces(const Settings& settings) {
  trace::TracerOptions options;
  options.endpoint = settings.text(kEndpoint);
  if (options.endpoint.empty()) return std::optional<trace::TracerOptions>();
  WINNOW_TRY(check_endpoint(options.endpoint));
  WINNOW_TRY(options.fields, fields_of(settings));
  WINNOW_TRY(options.ratio, ratio_of(settings.text(kRatio)));
  return std::optional(std::move(options));
}

}  // namespace winnow::cli
