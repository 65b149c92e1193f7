// Where the parts of a snapshot lie: all follow from the counts in its header, so there is no
// offset to mistrust. Format: docs/formats/intel-snapshot.md.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.h"
#include "intel/indicator.h"

namespace winnow::detail {

inline constexpr std::string_view kSnapshotMagic = "WNWINTEL";
inline constexpr std::uint32_t kSnapshotVersion = 1;
inline constexpr std::size_t kSnapshotHeaderBytes = 96;
inline constexpr std::size_t kChecksumAt = 88;  // the last field of the header
inline constexpr std::size_t kAttributionBytes = 40;
inline constexpr std::uint8_t kFirstSeenKnown = 1, kLastSeenKnown = 2, kExpiryKnown = 4;
inline constexpr std::uint32_t kNoParent = 0xFFFFFFFF;
inline constexpr std::uint32_t kWithSubdomains =
    0x80000000;  // in an entry, above the attribution's number

// Indicators are numbered: text keys (domains, URLs, mailboxes, files), then IPv4 blocks, then IPv6
// blocks.
int rank_of(IndicatorKind kind);

struct SnapshotHeader {
  std::uint32_t domains = 0, urls = 0, mailboxes = 0, files = 0, ip4 = 0, ip6 = 0;
  std::uint32_t entries = 0, attributions = 0, label_refs = 0, labels = 0, sources = 0;
  std::uint32_t table_bits = 0;    // the table of text keys has 2^table_bits slots
  std::uint32_t string_bytes = 0;  // of labels and sources
  std::uint64_t text_bytes = 0;    // of text keys
  std::uint64_t tail_bytes = 0;    // brands and lists
  std::uint64_t seed = 0;          // of the fingerprints

  std::uint32_t text_keys() const { return domains + urls + mailboxes + files; }
  std::uint32_t indicators() const { return text_keys() + ip4 + ip6; }
};

// Offsets from the start of the file, each a multiple of 8, in this order.
struct SnapshotLayout {
  std::uint64_t fingerprints, slot_keys, value_begins, entry_begins, entries;
  std::uint64_t ip4_firsts, ip4_parents, ip4_bits, ip6_firsts, ip6_parents, ip6_bits;
  std::uint64_t attributions, label_refs, string_begins, strings, text, tail, end;
};
SnapshotLayout layout_of(const SnapshotHeader& header);

std::string write_header(const SnapshotHeader& header, std::uint64_t checksum);
// Checks magic, version, limits, size and checksum. Errors: Corrupt, Unsupported (a newer version).
Result<SnapshotHeader> read_header(std::string_view bytes);
std::uint64_t snapshot_checksum(std::string_view bytes);  // of all but the checksum itself

// An array in the file. Unaligned reads keep it defined wherever the bytes lie; they cost nothing.
template <typename T>
class Column {
 public:
  Column() = default;
  explicit Column(const char* base) : base_(base) {}
  T operator[](std::size_t position) const {
    T value;
    std::memcpy(&value, base_ + position * sizeof(T), sizeof(T));
    return value;
  }
  const char* address(std::size_t position) const { return base_ + position * sizeof(T); }

 private:
  const char* base_ = nullptr;
};

}  // namespace winnow::detail
