// The normal form of a domain is a fixed point, its parts lie within it, and any text can be
// compared.
#include <cstdlib>
#include <string_view>

#include "names/domain.h"
#include "names/lookalike.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const LookalikeIndex kIndex(
      {{"paypal.com", {}, {}}, {"xn--bcher-kva.example", {"books"}, {}}, {"dhl.com", {}, {}}});
  if (size < 4096) {
    skeleton(text);
    mixes_scripts(text);
  }
  const auto domain = to_ascii_domain(text);
  if (!domain) return 0;
  if (domain->size() > kMaxDomainBytes || to_ascii_domain(*domain).value() != *domain) std::abort();
  const auto registrable = registrable_domain(*domain);
  if (!is_same_or_below(*domain, public_suffix(*domain))) std::abort();
  if (!registrable.empty() && !is_same_or_below(*domain, registrable)) std::abort();
  const auto found = kIndex.find(*domain);
  if (found && found.reference >= kIndex.size()) std::abort();
  return 0;
}
