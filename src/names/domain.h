// Domain names: normal form, labels, the registrable part (Public Suffix List), IDNA both ways.
// In the normal form a name is ASCII, lower case, without the final dot; all functions below that
// take a `domain` expect it (to_ascii_domain makes it).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace winnow {

inline constexpr std::size_t kMaxDomainBytes =
    253;  // RFC 1035 section 2.3.4, as text without the final dot

// The normal form of a name written in Unicode or ASCII: UTS 46 non-transitional processing, labels
// of 1 to 63 bytes of letters, digits, '-' and '_'. A final dot is dropped. An IP address is no
// domain name. Cost: about 50 ns for lower-case ASCII, microseconds for Unicode. Errors:
// InvalidArgument.
Result<std::string> to_ascii_domain(std::string_view text);

// The Unicode form, for people and for comparing looks; labels that do not decode stay as they are.
std::string to_unicode_domain(std::string_view domain);

bool is_ip_literal(std::string_view text);         // strict IPv4 or IPv6, with or without brackets
bool has_punycode_label(std::string_view domain);  // some label begins with xn--
std::vector<std::string_view> labels_of(
    std::string_view domain);  // left to right; views of the argument
bool is_same_or_below(std::string_view domain,
                      std::string_view ancestor);  // mail.example.com, example.com

// Which names are public suffixes, under which anyone can register: "com", "co.uk", "github.io".
// Immutable; thread-safe.
class PublicSuffixes {
 public:
  static const PublicSuffixes& built_in();  // the list libpsl was built with
  // From the text of public_suffix_list.dat: a pinned copy, for features that must not move with
  // the machine's library. Errors: InvalidArgument (no rules in it).
  static Result<PublicSuffixes> parse(std::string_view text);

  std::string_view suffix_of(
      std::string_view domain) const;  // "co.uk" of "a.b.co.uk"; a view of the argument
  // "b.co.uk" of "a.b.co.uk"; empty for a public suffix itself and for IP addresses. A view of the
  // argument.
  std::string_view registrable_of(std::string_view domain) const;
  const std::string& version() const { return version_; }  // which list it is, for lineage

 private:
  struct List;
  explicit PublicSuffixes(std::shared_ptr<const List> list, std::string version);
  std::shared_ptr<const List> list_;
  std::string version_;
};

// The same from the built-in list; registrable parts are remembered by each thread, for names
// repeat within a mail and from mail to mail.
std::string_view public_suffix(std::string_view domain);
std::string_view registrable_domain(std::string_view domain);

}  // namespace winnow
