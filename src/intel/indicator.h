// Indicators: what intelligence says about a domain, URL, address or file. Known-bad lists and
// reference lists (popular sites, free-mail providers, shorteners) are the same thing with other
// labels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "names/url.h"

namespace winnow {

enum class IndicatorKind : std::uint8_t {
  Domain,   // normal form of names/domain.h
  Url,      // Url::without_fragment()
  Ip,       // an address or block: IpBlock::text()
  Mailbox,  // MailAddress::key()
  File,     // MD5, SHA-1, SHA-256 or SHA-512 in lower-case hexadecimal
};
inline constexpr std::size_t kIndicatorKinds = 5;
std::string_view name_of(IndicatorKind kind);  // "domain", "url", "ip", "mailbox", "file"

// Labels with a meaning to Winnow itself; lists may carry any others.
namespace intel_label {
inline constexpr std::string_view kPhishing = "phishing";
inline constexpr std::string_view kMalware = "malware";
inline constexpr std::string_view kC2 = "c2";
inline constexpr std::string_view kSpam = "spam";
inline constexpr std::string_view kBenign = "benign";
inline constexpr std::string_view kPopular = "popular";  // has a popularity rank
inline constexpr std::string_view kFreemail = "freemail";
inline constexpr std::string_view kDisposable = "disposable";  // throw-away mailboxes
inline constexpr std::string_view kShortener = "shortener";
inline constexpr std::string_view kHosting = "hosting";  // anyone can publish pages below it
inline constexpr std::string_view kBrand = "brand";      // belongs to a brand that is imitated
}  // namespace intel_label

// One statement of one source. Times that are not known are absent.
struct Indicator {
  IndicatorKind kind = IndicatorKind::Domain;
  std::string value;                // normal form of its kind
  bool with_subdomains = false;     // Domain: also for every name below it
  std::string source;               // name of the list
  std::vector<std::string> labels;  // sorted, unique
  std::uint32_t rank = 0;           // popularity: among the first `rank`; 0 is unranked
  std::uint8_t confidence = 0;      // 1 to 100, as STIX 2.1 section 3.2; 0 is unknown
  std::optional<Timestamp> first_seen;
  std::optional<Timestamp> last_seen;
  std::optional<Timestamp> expires;  // says nothing from then on
  friend bool operator==(const Indicator&, const Indicator&) = default;
};

// A brand that is imitated: what people call it and where it really lives.
struct Brand {
  std::string key;                   // "paypal": lower-case ASCII, unique
  std::vector<std::string> names;    // "PayPal": as shown to people, any script
  std::vector<std::string> domains;  // normal form, registrable
  friend bool operator==(const Brand&, const Brand&) = default;
};

// Something seen in an event, to be looked up. Borrows its text.
struct Observable {
  IndicatorKind kind;
  std::string_view value;  // normal form of its kind
};

// Normal form of `text` as a `kind`. Accepts defanged forms (hxxp, [.]). Errors: InvalidArgument.
Result<std::string> normal_indicator(IndicatorKind kind, std::string_view text);
// The kind that `text` most likely is (an address before a domain, a scheme for a URL). Errors:
// InvalidArgument.
Result<IndicatorKind> recognise_indicator(std::string_view text);

// What a URL gives to look up: itself, and its host as domain or address. Borrows from `url`; for
// an address host from `ip_text`, which the caller keeps alive.
std::vector<Observable> observables_of(const Url& url, std::string& ip_text);

}  // namespace winnow
