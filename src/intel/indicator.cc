#include "intel/indicator.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/utf8.h"
#include "names/domain.h"
#include "names/mail_address.h"

namespace winnow {
namespace {

Error no_indicator(std::string_view text, std::string_view what) {
  return {
      Code::InvalidArgument,
      fmt::format("'{}' is not {}", utf8_prefix(to_valid_utf8(text.substr(0, 120)), 120), what)};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Indicators are passed around in forms that nothing turns into a link: hxxp://evil[.]example,
// user[@]host.
std::string refanged(std::string_view written) {
  // As URLs are read: without controls and blanks at the ends.
  const auto is_outer = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!written.empty() && is_outer(written.front())) written.remove_prefix(1);
  while (!written.empty() && is_outer(written.back())) written.remove_suffix(1);
  std::string text(written);
  if (text.size() > Url::kMaxBytes) return text;  // refused later
  if (text.find('[') != std::string::npos) {
    for (const auto& [from, to] :
         {std::pair("[.]", "."), {"[:]", ":"}, {"[://]", "://"}, {"[@]", "@"}, {"[dot]", "."}}) {
      text = replaced(std::move(text), from, to);
    }
  }
  if (text.size() > 4 && equal_ignoring_ascii_case(text.substr(0, 4), "hxxp"))
    text.replace(0, 4, "http");
  return text;
}

bool is_hash(std::string_view text) {
  const auto size = text.size();
  return (size == 32 || size == 40 || size == 64 || size == 128) &&
         std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
         });
}

Result<std::string> normal_url(std::string_view text) {
  WINNOW_TRY(const auto url, Url::parse(text));
  if (url.host_kind() == HostKind::None || url.host_kind() == HostKind::Empty)
    return no_indicator(text, "a URL with a host");
  return std::string(url.without_fragment());
}

}  // namespace

std::string_view name_of(IndicatorKind kind) {
  switch (kind) {
    case IndicatorKind::Domain:
      return "domain";
    case IndicatorKind::Url:
      return "url";
    case IndicatorKind::Ip:
      return "ip";
    case IndicatorKind::Mailbox:
      return "mailbox";
    case IndicatorKind::File:
      return "file";
  }
  violate("every indicator kind has a name", std::source_location::current());
}

Result<std::string> normal_indicator(IndicatorKind kind, std::string_view written) {
  const auto text = refanged(written);
  switch (kind) {
    case IndicatorKind::Domain:
      return to_ascii_domain(text);
    case IndicatorKind::Url:
      return normal_url(text);
    case IndicatorKind::Ip: {
      WINNOW_TRY(const auto block, IpBlock::parse(text));
      return block.text();
    }
    case IndicatorKind::Mailbox: {
      WINNOW_TRY(const auto address, read_address(text));
      if (address.local.empty() || !address.has_domain())
        return no_indicator(text, "a whole mail address");
      // A key is written without quotes; one that needs them, or is another indicator when it is
      // read again (without controls at its ends, say), could not be told from another.
      auto key = address.key();
      const auto again = read_address(refanged(key));
      if (ascii_lower(address.text()) != key || !again || again->key() != key)
        return no_indicator(text, "a plain mail address");
      return key;
    }
    case IndicatorKind::File:
      if (!is_hash(text))
        return no_indicator(text, "an MD5, SHA-1, SHA-256 or SHA-512 in hexadecimal");
      return ascii_lower(text);
  }
  violate("every indicator kind has a normal form", std::source_location::current());
}

Result<IndicatorKind> recognise_indicator(std::string_view written) {
  const auto text = refanged(written);
  if (text.find("://") != std::string::npos) return IndicatorKind::Url;
  if (is_hash(text)) return IndicatorKind::File;
  if (IpBlock::parse(text)) return IndicatorKind::Ip;
  if (text.find('@') != std::string::npos && text.find('/') == std::string::npos)
    return IndicatorKind::Mailbox;
  // One word alone is more often a word than a name.
  if (text.find('.') != std::string::npos && to_ascii_domain(text)) return IndicatorKind::Domain;
  return no_indicator(text, "a domain, URL, address, mailbox or file hash");
}

std::vector<Observable> observables_of(const Url& url, std::string& ip_text) {
  std::vector<Observable> out = {{IndicatorKind::Url, url.without_fragment()}};
  if (url.host_kind() == HostKind::Domain) {
    auto host = url.host();
    if (host.ends_with('.')) host.remove_suffix(1);
    out.push_back({IndicatorKind::Domain, host});
  } else if (const auto ip = url.ip()) {
    ip_text = ip->text();
    out.push_back({IndicatorKind::Ip, ip_text});
  }
  return out;
}

}  // namespace winnow
