// URLs as browsers read them: the WHATWG URL Standard (https://url.spec.whatwg.org/), because a
// link is dangerous for where the victim's browser goes, not for where a stricter reader thinks it
// goes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "names/ip_address.h"

namespace winnow {

enum class HostKind : std::uint8_t {
  None,    // the URL has no host: mailto:, data:, javascript:
  Empty,   // it has one, of no characters: file:///
  Domain,  // a domain name in ASCII (punycode) form
  Ipv4,    // dotted decimal, whatever form it was written in
  Ipv6,    // in brackets
  Opaque,  // of a scheme without rules for hosts; percent-encoded
};
std::string_view name_of(HostKind kind);  // "none", "empty", "domain", "ipv4", "ipv6", "opaque"

// What the written form did that honest links seldom do; features count these.
struct UrlQuirks {
  bool control_or_space =
      false;                  // tabs, newlines or outer controls and spaces, which browsers drop
  bool backslash = false;     // read as a slash
  bool slashes = false;       // not exactly two slashes after the colon of a special scheme
  bool credentials = false;   // user name or password before an '@'
  bool encoded_host = false;  // percent escapes in the host of a special scheme
  bool unicode_host = false;  // letters beyond ASCII in it
  bool odd_ipv4 = false;      // an IPv4 address that is not written as four decimal numbers
  friend bool operator==(const UrlQuirks&, const UrlQuirks&) = default;
};

// A parsed and normalised URL: one text (the standard's serialisation) and where its parts lie.
// Immutable.
class Url {
 public:
  static constexpr std::size_t kMaxBytes = 8192;      // longer input is refused
  static constexpr std::size_t kMaxIdnaBytes = 1024;  // likewise a host that needs IDNA processing

  // Parses an absolute URL, or with `base` also a relative one. Ill-formed UTF-8 reads as U+FFFD.
  // Takes linear time. Errors: InvalidArgument (the standard says failure), Exhausted (too long).
  static Result<Url> parse(std::string_view text);
  static Result<Url> parse(std::string_view text, const Url& base);

  const std::string& href() const { return href_; }  // the whole, normalised
  std::string_view without_fragment() const;         // href up to '#'
  std::string_view without_query() const;            // href up to '?' or '#'

  std::string_view scheme() const;              // "https": lower case, without ':'
  bool is_special() const { return special_; }  // http, https, ws, wss, ftp, file
  std::string_view username() const;            // percent-encoded; empty when absent
  std::string_view password() const;
  HostKind host_kind() const { return host_kind_; }
  std::string_view host() const;        // without port; IPv6 in brackets; empty when absent
  std::optional<IpAddress> ip() const;  // for Ipv4 and Ipv6
  std::optional<std::uint16_t> port() const {
    return port_;
  }                                                      // nothing when it is the scheme's default
  std::optional<std::uint16_t> effective_port() const;   // port, or the scheme's default
  std::string_view path() const;                         // with its leading '/', or opaque
  bool has_opaque_path() const { return opaque_path_; }  // mailto:someone@example.com
  std::optional<std::string_view> query() const;         // without '?'; "" and absent differ
  std::optional<std::string_view> fragment() const;      // without '#'
  const UrlQuirks& quirks() const { return quirks_; }

  friend bool operator==(const Url& a, const Url& b) { return a.href_ == b.href_; }

 private:
  friend class UrlSerializer;
  Url() = default;
  std::string_view part(std::uint32_t begin, std::uint32_t end) const;

  std::string href_;
  // Offsets into href_; an absent part is empty. Order: scheme ':' '//' user ':' password '@' host
  // ':' port path '?' '#'.
  std::uint32_t scheme_end_ = 0;
  std::uint32_t username_begin_ = 0, username_end_ = 0;
  std::uint32_t password_begin_ = 0, password_end_ = 0;
  std::uint32_t host_begin_ = 0, host_end_ = 0;
  std::uint32_t path_begin_ = 0, path_end_ = 0;
  std::uint32_t query_begin_ = 0, query_end_ = 0;  // query_begin_ is after '?'; 0 when absent
  std::uint32_t fragment_begin_ = 0;               // after '#'; 0 when absent
  std::optional<std::uint16_t> port_;
  HostKind host_kind_ = HostKind::None;
  bool special_ = false;
  bool opaque_path_ = false;
  UrlQuirks quirks_;
};

// The bytes that percent escapes stand for; what is no escape stays (the standard's
// "percent-decode").
std::string percent_decode(std::string_view text);

// For showing to people, so that nothing turns it into a link: hxxps[://]evil[.]example/path, and
// for domains, addresses and mailboxes every '.' and '@' in brackets. Not reversible in every case.
std::string defang(const Url& url);
std::string defang(std::string_view name);

}  // namespace winnow
