// Compiles indicators, brands and lists into the canonical bytes of an IntelSnapshot.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "intel/indicator.h"
#include "intel/intel_snapshot.h"

namespace winnow {

// Order of adding does not matter: the same set gives the same bytes. Not thread-safe.
class SnapshotBuilder {
 public:
  SnapshotBuilder();
  ~SnapshotBuilder();
  SnapshotBuilder(SnapshotBuilder&&) noexcept;
  SnapshotBuilder& operator=(SnapshotBuilder&&) noexcept;

  // `indicator` is in normal form (normal_indicator). Equal statements are kept once, and one with
  // sub-domains swallows its equal without. Keeps the value and 32 bytes.
  void add(const Indicator& indicator);
  void add(Brand brand);  // says nothing about its domains: add those as indicators too
  void add(IntelList list);

  // The bytes for IntelSnapshot::from_bytes. Cost: 1 to 3 us an indicator; a second copy of all in
  // memory. Errors: Exhausted (2^31 statements, 4 GiB of values), InvalidArgument (a value without
  // a normal form; two different brands of one key or lists of one name).
  Result<std::string> build() &&;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace winnow
