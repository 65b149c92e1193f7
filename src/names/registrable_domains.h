// The registrable domains of names that are asked for again and again, as those of one mail are.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winnow {

// Remembers what registrable_domain() said: the list is asked once for each label of a name, which
// takes a microsecond, and the links of a mail share a few hosts. Not thread-safe.
class RegistrableDomains {
 public:
  // As registrable_domain(domain): a view of the argument.
  std::string_view of(std::string_view domain);

 private:
  static constexpr std::size_t kMaxNames = 64;  // those beyond are looked up each time
  struct Name {
    std::uint64_t hash;
    std::uint32_t begin, size;       // in texts_
    std::uint32_t registrable_size;  // of its end; 0: there is none
  };
  std::string texts_;
  std::vector<Name> names_;
};

}  // namespace winnow
