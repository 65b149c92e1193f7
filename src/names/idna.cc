#include "names/detail/idna.h"

#include <memory>

#include <unicode/uidna.h>

#include "base/utf8.h"

namespace winnow::detail {
namespace {

// ICU reports these whatever the options say; the URL Standard sets CheckHyphens and
// VerifyDnsLength to false.
constexpr std::uint32_t kIgnored = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN |
                                   UIDNA_ERROR_HYPHEN_3_4 | UIDNA_ERROR_EMPTY_LABEL |
                                   UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG;

// Stateless after its construction, and so shared by all threads.
const UIDNA* processor() {
  struct Close {
    void operator()(UIDNA* idna) const { uidna_close(idna); }
  };
  static const std::unique_ptr<UIDNA, Close> kProcessor([] {
    UErrorCode status = U_ZERO_ERROR;
    return uidna_openUTS46(UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ |
                               UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE,
                           &status);
  }());
  return kProcessor.get();
}

using Conversion = decltype(&uidna_nameToASCII_UTF8);

std::optional<std::string> convert(Conversion conversion, std::string_view text,
                                   std::uint32_t& errors) {
  std::string out(text.size() * 4 + 64, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UErrorCode status = U_ZERO_ERROR;
    const auto size = conversion(processor(), text.data(), static_cast<std::int32_t>(text.size()),
                                 out.data(), static_cast<std::int32_t>(out.size()), &info, &status);
    out.resize(static_cast<std::size_t>(size));
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    errors = info.errors;
    if (U_FAILURE(status)) return std::nullopt;
    return out;
  }
  return std::nullopt;
}

}  // namespace

bool has_punycode_prefix(std::string_view label) {
  return label.size() >= 4 && equal_ignoring_ascii_case(label.substr(0, 4), "xn--");
}

std::optional<std::string> idna_to_ascii(std::string_view text) {
  std::uint32_t errors = 0;
  auto out = convert(&uidna_nameToASCII_UTF8, text, errors);
  if (!out || (errors & ~kIgnored) != 0) return std::nullopt;
  return out;
}

std::string idna_to_unicode(std::string_view domain) {
  std::string out;
  for (std::size_t begin = 0; begin <= domain.size();) {
    const auto end = std::min(domain.find('.', begin), domain.size());
    const auto label = domain.substr(begin, end - begin);
    std::uint32_t errors = 0;
    std::optional<std::string> decoded;
    if (has_punycode_prefix(label)) decoded = convert(&uidna_nameToUnicodeUTF8, label, errors);
    out += decoded && (errors & ~kIgnored) == 0 ? *decoded : std::string(label);
    if (end < domain.size()) out += '.';
    begin = end + 1;
  }
  return out;
}

}  // namespace winnow::detail
