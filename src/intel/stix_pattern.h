// STIX 2.1 patterns (OASIS STIX 2.1, section 9): the whole grammar is read, and what can be told
// from one observable alone is compiled to indicators.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intel/indicator.h"

namespace winnow {

// One comparison as written: domain-name:value = 'example.com'. The value is not yet in normal
// form.
struct StixTerm {
  IndicatorKind kind;
  std::string value;
  friend bool operator==(const StixTerm&, const StixTerm&) = default;
};

// What a pattern says about single observables: it holds when any of `terms` is seen. Parts that
// need more than that (several observations, negation, properties that Winnow does not look up) are
// named in `unsupported`.
struct StixPattern {
  std::vector<StixTerm> terms;
  std::vector<std::string> unsupported;  // each reason once
};

// Compiled are `=` and IN on domain-name:value, url:value, ipv4-addr:value, ipv6-addr:value,
// email-addr:value and file:hashes, ISSUBSET on the two addresses, joined by OR; in an AND file
// hashes stand for the whole, since they identify the file. Errors: InvalidArgument (not in the
// grammar; with the position), Exhausted (too long or deep).
Result<StixPattern> read_stix_pattern(std::string_view text);

}  // namespace winnow
