#include "names/registrable_domains.h"

#include "base/digest.h"
#include "names/domain.h"

namespace winnow {

std::string_view RegistrableDomains::of(std::string_view domain) {
  const auto hash = hash64(domain, 0);
  for (const auto& name : names_) {
    // Whoever writes the mail can make hashes collide: equal they must be.
    if (name.hash != hash) continue;
    if (std::string_view(texts_).substr(name.begin, name.size) == domain)
      return domain.substr(domain.size() - name.registrable_size);
  }
  const auto registrable = registrable_domain(domain);
  if (names_.size() < kMaxNames && domain.size() <= kMaxDomainBytes) {
    names_.push_back({hash, static_cast<std::uint32_t>(texts_.size()),
                      static_cast<std::uint32_t>(domain.size()),
                      static_cast<std::uint32_t>(registrable.size())});
    texts_ += domain;
  }
  return registrable;
}

}  // namespace winnow
