// A checked snapshot in memory: its columns, and the probes into them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "intel/detail/snapshot_layout.h"
#include "intel/indicator.h"
#include "names/ip_address.h"

namespace winnow::detail {

inline constexpr std::uint32_t kNotFound = 0xFFFFFFFF;

class SnapshotView {
 public:
  // Checks every count, offset and reference, so that nothing below can leave the bytes. `bytes`
  // outlives the view. Errors: Corrupt, Unsupported.
  static Result<SnapshotView> check(std::string_view bytes);

  const SnapshotHeader& header() const { return header_; }
  std::string_view tail() const;

  // The text key with this fingerprint, kind and value, or kNotFound.
  std::uint32_t find(std::uint64_t fingerprint, IndicatorKind kind, std::string_view value) const;
  void prefetch(std::uint64_t fingerprint) const {
    __builtin_prefetch(fingerprints_.address(slot_of(fingerprint)));
  }
  // The indicator of the innermost listed block around `address`, or kNotFound; then the next one
  // outwards.
  std::uint32_t find_block(const IpAddress& address) const;
  std::uint32_t enclosing(std::uint32_t indicator) const;

  IndicatorKind kind_of(std::uint32_t indicator) const;
  std::string_view text_value(std::uint32_t text_key) const;
  IpBlock block(std::uint32_t indicator) const;

  // The entries of one indicator are [entries_begin(i), entries_begin(i + 1)).
  std::uint32_t entries_begin(std::uint32_t indicator) const { return entry_begins_[indicator]; }
  std::uint32_t indicator_of(std::uint32_t entry) const;
  bool with_subdomains(std::uint32_t entry) const {
    return (entries_[entry] & kWithSubdomains) != 0;
  }

  struct Attribution {
    std::uint32_t source, labels_begin;
    std::uint16_t labels;
    std::uint8_t confidence, known_times;
    std::uint32_t rank;
    std::int64_t first_seen, last_seen, expires;  // microseconds; those that are known_times
  };
  Attribution attribution(std::uint32_t entry) const;
  std::uint32_t label_ref(std::uint32_t position) const { return label_refs_[position]; }
  std::string_view label(std::uint32_t number) const { return string(number); }
  std::string_view source(std::uint32_t number) const { return string(header_.labels + number); }

 private:
  SnapshotView(std::string_view bytes, const SnapshotHeader& header);
  Status check_table() const;
  Status check_entries() const;
  Status check_blocks() const;
  Status check_attributions() const;
  void index_ip4();

  std::uint64_t slot_of(std::uint64_t fingerprint) const {
    return fingerprint >> (64 - header_.table_bits);
  }
  std::string_view string(std::uint32_t number) const;
  IpAddress ip6_first(std::uint32_t position) const;
  bool holds_ip4(std::uint32_t position, std::uint32_t address) const;

  std::string_view bytes_;
  SnapshotHeader header_;
  SnapshotLayout layout_;
  Column<std::uint64_t> fingerprints_;
  Column<std::uint32_t> slot_keys_, value_begins_, entry_begins_, entries_;
  Column<std::uint32_t> ip4_firsts_, ip4_parents_, ip6_parents_;
  Column<std::uint8_t> ip4_bits_, ip6_bits_;
  Column<std::array<std::uint8_t, 16>> ip6_firsts_;
  Column<Attribution> attributions_;
  Column<std::uint32_t> label_refs_, string_begins_;
  std::vector<std::uint32_t>
      ip4_by_head_;  // for each upper half of an address, the first block beyond all lower ones
};
static_assert(sizeof(SnapshotView::Attribution) == kAttributionBytes);

}  // namespace winnow::detail
