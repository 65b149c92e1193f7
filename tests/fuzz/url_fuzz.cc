// A URL that is accepted serialises to a fixed point, whatever it was; the text after a newline is
// read against it as base.
#include <cstdlib>
#include <string_view>

#include "names/url.h"

namespace {

void check(const winnow::Url& url) {
  const auto again = winnow::Url::parse(url.href());
  // Escapes may make a href longer than what Url reads.
  if (!again && again.error().code() == winnow::Code::Exhausted) return;
  if (!again || again->href() != url.href() || again->host() != url.host()) std::abort();
  if (url.ip().has_value() !=
      (url.host_kind() == winnow::HostKind::Ipv4 || url.host_kind() == winnow::HostKind::Ipv6))
    std::abort();
  if (winnow::defang(url).empty() || !url.href().starts_with(url.without_query())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto newline = text.find('\n');
  const auto url = winnow::Url::parse(text.substr(0, newline));
  if (!url) return 0;
  check(*url);
  if (newline == std::string_view::npos) return 0;
  if (const auto relative = winnow::Url::parse(text.substr(newline + 1), *url)) check(*relative);
  return 0;
}
