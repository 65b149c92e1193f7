// Domain names and URLs. Hosts are in normal form (names/domain.h), URLs as names/url.h writes
// them.
#include <algorithm>

#include "features/detail/primitive.h"
#include "names/domain.h"
#include "names/ip_address.h"

namespace winnow::features {
namespace {

using Cells = std::span<const Cell>;

struct UrlView {
  std::string_view authority, path, query;
  bool has_authority = false;
};

// The parts of a URL in its normalised form; of any other text, what looks like them.
UrlView split_url(std::string_view url) {
  UrlView view;
  url = url.substr(0, url.find('#'));
  const auto slashes = url.find("://");
  if (slashes == std::string_view::npos) return view;
  view.has_authority = true;
  const auto rest = url.substr(slashes + 3);
  const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
  view.authority = rest.substr(0, authority_end);
  const auto question = std::min(rest.find('?', authority_end), rest.size());
  view.path = rest.substr(authority_end, question - authority_end);
  view.query = rest.substr(std::min(question + 1, rest.size()));
  return view;
}

template <typename Part>
Cell part_of_url(Cells a, Part part) {
  if (a[0].is_missing()) return Cell::missing_text();
  const auto url = split_url(a[0].text());
  return url.has_authority ? Cell::of(part(url)) : Cell::missing_text();
}

template <typename Question>
Cell ask_host(Cells a, Question question) {
  return a[0].is_missing() ? Cell::missing_number()
                           : Cell::of(static_cast<bool>(question(a[0].text())));
}

Cell is_internal(const Context&, Cells a) {
  if (a[0].is_missing()) return Cell::missing_number();
  const auto address = IpAddress::read(a[0].text());
  return address ? Cell::of(address->is_internal()) : Cell::missing_number();
}

// What a provider hands out together, and a person moves within: enough to tell "from elsewhere".
Cell network(const Context& context, Cells a) {
  constexpr unsigned kBitsOfV4 = 24, kBitsOfV6 = 48;
  if (a[0].is_missing()) return Cell::missing_text();
  const auto address = IpAddress::read(a[0].text());
  if (!address) return Cell::missing_text();
  const auto plain = address->unmapped();
  const IpBlock block(plain, plain.is_v4() ? kBitsOfV4 : kBitsOfV6);
  return Cell::of(keep_text(context, block.text()));
}

bool has_user(std::string_view authority) { return authority.find('@') != std::string_view::npos; }

// The normalised form names a port only where it is not the scheme's own.
bool has_port(std::string_view authority) {
  const auto colon = authority.rfind(':');
  return colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos &&
         authority.find('@', colon) == std::string_view::npos;
}

// Behind the scheme, "http" or "https" with ":/", or with the colon percent-encoded.
bool holds_url(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const auto rest = url.substr(scheme + 3);
  for (auto at = rest.find("http"); at != std::string_view::npos; at = rest.find("http", at + 4)) {
    auto after = rest.substr(at + 4);
    if (after.starts_with('s')) after.remove_prefix(1);
    if (after.starts_with(":/") || after.starts_with("%3A") || after.starts_with("%3a"))
      return true;
  }
  return false;
}

Cell site(const Context&, Cells a) {
  if (a[0].is_missing()) return Cell::missing_text();
  const auto domain = registrable_domain(a[0].text());
  return domain.empty() ? a[0] : Cell::of(domain);
}

Cell label_count(const Context&, Cells a) {
  if (a[0].is_missing()) return Cell::missing_number();
  const auto text = a[0].text();
  return Cell::of(
      text.empty() ? 0.0 : 1.0 + static_cast<double>(std::count(text.begin(), text.end(), '.')));
}

Cell in_list(const Context& context, Cells a) {
  return ask_host(a, [&](auto host) {
    return context.vocabulary.is_listed(static_cast<std::size_t>(a[1].number), host);
  });
}

Cell foreign_brand_in(const Context& context, Cells a) {
  if (a[0].is_missing() || a[1].is_missing()) return Cell::missing_number();
  return Cell::of(context.vocabulary.names_foreign_brand(a[0].text(), a[1].text()));
}

constexpr Primitive kTable[] = {
    {"site", "text -> text",
     "the registrable domain of a host (Public Suffix List), or the host where there is none", site,
     true},
    {"first_label", "text -> text", "what a domain begins with: 'paypal' of 'paypal.com'",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? a[0] : Cell::of(a[0].text().substr(0, a[0].text().find('.')));
     }},
    {"top_level", "text -> text", "what a domain ends in: 'com' of 'paypal.com'",
     [](const Context&, Cells a) {
       return a[0].is_missing() ? a[0] : Cell::of(a[0].text().substr(a[0].text().rfind('.') + 1));
     }},
    {"label_count", "text -> number", "labels of a domain: 3 for 'www.paypal.com'", label_count},
    {"is_ip", "text -> yes/no", "an IP address and no name",
     [](const Context&, Cells a) { return ask_host(a, is_ip_literal); }},
    {"is_internal", "text -> yes/no",
     "an IP address of the own network: private (RFC 1918, 4193, 6598), loopback, link-local, "
     "multicast; missing for what is none",
     is_internal},
    {"network", "text -> text",
     "of an IP address the block around it, /24 of IPv4 and /48 of IPv6; missing for what is none",
     network},
    {"is_punycode", "text -> yes/no", "some label is written in punycode, xn--",
     [](const Context&, Cells a) { return ask_host(a, has_punycode_label); }},
    {"in_list", "text, domains -> yes/no", "the list has the domain or one above it", in_list},
    {"is_lookalike", "text -> yes/no",
     "made to look like the domain of a brand: confusable letters, a typing error, or the brand's "
     "name inside; no for the "
     "brand's own",
     [](const Context& context, Cells a) {
       return ask_host(a, [&](auto host) { return context.vocabulary.is_lookalike(host); });
     },
     true},
    {"foreign_brand_in", "text, text -> yes/no",
     "the text (of a URL) holds the name of a brand that does not own the registrable domain",
     foreign_brand_in},
    {"url_rest", "text -> text", "of a URL, path and query: all behind the host",
     [](const Context&, Cells a) {
       return part_of_url(a, [](const UrlView& url) {
         return std::string_view(
             url.path.data(),
             static_cast<std::size_t>(url.query.data() + url.query.size() - url.path.data()));
       });
     }},
    {"url_path", "text -> text", "of a URL, with its first '/'",
     [](const Context&, Cells a) {
       return part_of_url(a, [](const UrlView& url) { return url.path; });
     }},
    {"url_query", "text -> text", "of a URL, without '?'; empty when there is none",
     [](const Context&, Cells a) {
       return part_of_url(a, [](const UrlView& url) { return url.query; });
     }},
    {"url_has_user", "text -> yes/no", "a user name stands before the host",
     [](const Context&, Cells a) {
       return ask_host(a, [](auto url) { return has_user(split_url(url).authority); });
     }},
    {"url_has_port", "text -> yes/no", "a port other than the scheme's own",
     [](const Context&, Cells a) {
       return ask_host(a, [](auto url) { return has_port(split_url(url).authority); });
     }},
    {"url_in_url", "text -> yes/no", "path or query hold another URL, as open redirects do",
     [](const Context&, Cells a) { return ask_host(a, [](auto url) { return holds_url(url); }); }},
};

}  // namespace

std::span<const Primitive> domain_primitives() { return kTable; }

}  // namespace winnow::features
