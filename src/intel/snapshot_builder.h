// Compiles indicators, brands and lists into the canonical bytes of an IntelSnapshot.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "intel/indicator.h"
#include "intel/intel_snapshot.h"

namespace winnow {

// Order of adding does not matter: the same set gives the same bytes. Not thread-safe.
class SnapshotBuilder {
 public:
  // `indicator` is in normal form (normal_indicator). Equal statements are kept once.
  void add(Indicator indicator);
  void add(Brand brand);  // its domains are looked up through its own statements, added apart
  void add(IntelList list);

  // The bytes for IntelSnapshot::from_bytes. Memory: about three times the result.
  // Errors: Exhausted (more than 2^31 statements or 4 GiB of text), InvalidArgument (no normal
  // form; two different brands or lists of one name).
  Result<std::string> build() &&;

 private:
  std::vector<Indicator> indicators_;
  std::vector<Brand> brands_;
  std::vector<IntelList> lists_;
};

}  // namespace winnow
