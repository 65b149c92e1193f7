#include "cli/detail/served_syslog.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/utf8.h"
#include "server/endpoints/receiving.h"

namespace winnow::cli {
namespace {

Status read_address(const Settings& settings, std::string_view key,
                    std::optional<server::ListenAddress>& out) {
  const auto& text = settings.text(key);
  if (text.empty()) return {};
  auto address = listen_address(text);
  if (!address) return std::move(address).error().with_context(std::string(key));
  out = std::move(*address);
  return {};
}

Result<std::string> source_of(const Settings& settings, std::string_view key) {
  const auto& name = settings.text(key);
  if (name.empty() || server::is_source_name(name)) return name;
  return Error(Code::InvalidArgument, fmt::format("{}: '{}' cannot name a source", key, name))
      .with_hint("1 to 100 printable ASCII characters");
}

}  // namespace

Result<server::ListenAddress> listen_address(const std::string& text) {
  server::ListenAddress address;
  const auto colon = text.rfind(':');
  const auto host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  address.address = bracketed ? host.substr(1, host.size() - 2) : host;
  const char* const end = text.data() + text.size();
  const char* const port = colon == std::string::npos ? end : text.data() + colon + 1;
  const auto [rest, error] = std::from_chars(port, end, address.port);
  if (colon != std::string::npos && error == std::errc() && rest == end) return address;
  return Error(Code::InvalidArgument, fmt::format("'{}' is no address and port", text))
      .with_hint("such as 127.0.0.1:8420 or [::1]:8420; port 0 takes any free one");
}

Result<server::SyslogOptions> served_syslog(const Settings& settings,
                                            std::shared_ptr<const http::Tls> certificate) {
  server::SyslogOptions options;
  WINNOW_TRY(read_address(settings, "syslog.udp", options.udp));
  WINNOW_TRY(read_address(settings, "syslog.tcp", options.tcp));
  WINNOW_TRY(read_address(settings, "syslog.tls", options.tls));
  options.certificate = std::move(certificate);
  WINNOW_TRY(options.source, source_of(settings, "syslog.source"));
  options.max_message = settings.number("syslog.max_message");
  options.connections = settings.number("syslog.connections");
  return options;
}

Result<server::TailOptions> served_tail(const Settings& settings, Path positions) {
  server::TailOptions options;
  std::string_view rest = settings.text("tail.files");
  while (!rest.empty()) {
    const auto end = std::min(rest.find(','), rest.size());
    const auto pattern = trim_ascii(rest.substr(0, end));
    if (!pattern.starts_with('/')) {
      return Error(Code::InvalidArgument,
                   fmt::format("tail.files: '{}' is no absolute path", pattern))
          .with_hint("such as /var/log/mail/*.json, several with commas between them");
    }
    options.files.emplace_back(pattern);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  WINNOW_TRY(options.source, source_of(settings, "tail.source"));
  options.positions = std::move(positions);
  options.max_line = settings.number("tail.max_line");
  return options;
}

}  // namespace winnow::cli
