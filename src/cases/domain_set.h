// Of which domains something is: a finding of one, a case of those of its findings.
#pragma once

#include <cstdint>

#include "ocsf/domain.h"

namespace winnow::cases {

// A value. Its bits are what stands in SQL: that of a domain is 1 << its place among kDomains.
class DomainSet {
 public:
  constexpr DomainSet() = default;
  constexpr explicit DomainSet(Domain domain) : bits_(bit_of(domain)) {}
  static constexpr DomainSet of_bits(std::uint64_t bits) {
    DomainSet set;
    set.bits_ = static_cast<std::uint8_t>(bits & ((1U << kDomains.size()) - 1));
    return set;
  }

  void add(DomainSet other) { bits_ |= other.bits_; }
  bool has(Domain domain) const { return (bits_ & bit_of(domain)) != 0; }
  bool is_empty() const { return bits_ == 0; }
  std::uint64_t bits() const { return bits_; }
  friend bool operator==(const DomainSet&, const DomainSet&) = default;

 private:
  static constexpr std::uint8_t bit_of(Domain domain) {
    return static_cast<std::uint8_t>(1U << static_cast<unsigned>(domain));
  }
  std::uint8_t bits_ = 0;
};

inline constexpr DomainSet kMailAlone{Domain::Mail};

}  // namespace winnow::cases
