// Where a mail's links lead: what was written, as a browser reads it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mail/html.h"
#include "names/url.h"

namespace winnow {

struct MailLink {
  LinkKind kind = LinkKind::Href;
  std::string written;  // where it cannot be read: its beginning
  std::optional<Url> url;
  std::string registrable;  // of the host; empty for IP addresses and without one
  std::string text;
  std::string shown_host;  // the host that `text` itself names, when it reads as a URL or domain
  std::string shown_registrable;
  bool hidden = false;
  bool nested = false;  // stands in a mail within the mail
};

// Resolves the links of an HTML part against its base. Links within the page ("#top") are left out.
std::vector<MailLink> resolve_links(HtmlContent& content);

// The URLs that stand in a text as text: with a scheme, or beginning with "www.". The ranges in
// `skip` (ascending) are passed over: they are links already.
std::vector<MailLink> find_links(std::string_view text, std::size_t max_links,
                                 const std::vector<std::pair<std::size_t, std::size_t>>& skip = {});

// The host a reader takes a link's text for: "https://example.com/login", "www.example.com",
// "example.com"; in normal form (names/domain.h). Empty when the text is no such thing.
std::string host_shown_by(std::string_view text);

}  // namespace winnow
