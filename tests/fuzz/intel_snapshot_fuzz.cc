// Any bytes are a snapshot or are refused; what is accepted can be asked anything. The checksum is
// set right first, or nothing but damage to it would ever be tried.
#include <cstdlib>
#include <string>

#include "base/bytes.h"
#include "intel/detail/snapshot_layout.h"
#include "intel/intel_snapshot.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace winnow;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (bytes.size() >= detail::kSnapshotHeaderBytes) {
    const auto checksum = ByteWriter().put(detail::snapshot_checksum(bytes)).bytes();
    bytes.replace(detail::kChecksumAt, checksum.size(), checksum);
  }
  const auto snapshot = IntelSnapshot::from_bytes(bytes);
  if (!snapshot) return 0;
  const std::vector<Observable> observables = {
      {IndicatorKind::Domain, "a.evil.example"},
      {IndicatorKind::Ip, "10.1.2.3"},
      {IndicatorKind::Ip, "2001:db8::1"},
      {IndicatorKind::Url, "http://evil.example/?a"},
      {IndicatorKind::Mailbox, "a@b.example"},
      {IndicatorKind::File, "d41d8cd98f00b204e9800998ecf8427e"}};
  std::vector<IntelMatch> matches;
  snapshot->match(observables, Timestamp::from_seconds(1'750'000'000), matches);
  for (const auto& match : matches) {
    if (match.entry >= snapshot->entry_count() || match.observable >= observables.size())
      std::abort();
  }
  for (std::uint32_t entry = 0; entry < snapshot->entry_count() && entry < 100; ++entry)
    snapshot->entry(entry).indicator();
  return 0;
}
