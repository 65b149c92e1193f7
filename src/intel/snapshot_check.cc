// Whatever is checked here need not be checked at a look-up.
#include <fmt/format.h>

#include "intel/detail/snapshot_view.h"

namespace winnow::detail {
namespace {

Error corrupt(std::string_view why) {
  return {Code::Corrupt, fmt::format("the intel snapshot {}", why)};
}

// `begins` cut [0, end) into `parts` parts, each of at least `least` items.
bool cuts_into_parts(const Column<std::uint32_t>& begins, std::uint64_t parts, std::uint64_t end,
                     std::uint32_t least) {
  if (begins[0] != 0 || begins[parts] != end) return false;
  for (std::uint64_t i = 0; i < parts; ++i) {
    if (begins[i + 1] < begins[i] || begins[i + 1] - begins[i] < least) return false;
  }
  return true;
}

}  // namespace

SnapshotView::SnapshotView(std::string_view bytes, const SnapshotHeader& header)
    : bytes_(bytes), header_(header), layout_(layout_of(header)) {
  const char* const base = bytes.data();
  fingerprints_ = Column<std::uint64_t>(base + layout_.fingerprints);
  slot_keys_ = Column<std::uint32_t>(base + layout_.slot_keys);
  value_begins_ = Column<std::uint32_t>(base + layout_.value_begins);
  entry_begins_ = Column<std::uint32_t>(base + layout_.entry_begins);
  entries_ = Column<std::uint32_t>(base + layout_.entries);
  ip4_firsts_ = Column<std::uint32_t>(base + layout_.ip4_firsts);
  ip4_parents_ = Column<std::uint32_t>(base + layout_.ip4_parents);
  ip4_bits_ = Column<std::uint8_t>(base + layout_.ip4_bits);
  ip6_firsts_ = Column<std::array<std::uint8_t, 16>>(base + layout_.ip6_firsts);
  ip6_parents_ = Column<std::uint32_t>(base + layout_.ip6_parents);
  ip6_bits_ = Column<std::uint8_t>(base + layout_.ip6_bits);
  attributions_ = Column<Attribution>(base + layout_.attributions);
  label_refs_ = Column<std::uint32_t>(base + layout_.label_refs);
  string_begins_ = Column<std::uint32_t>(base + layout_.string_begins);
}

Result<SnapshotView> SnapshotView::check(std::string_view bytes) {
  WINNOW_TRY(const auto header, read_header(bytes));
  if (header.table_bits == 0) return corrupt("has no hash table");
  SnapshotView view(bytes, header);
  WINNOW_TRY(view.check_table());
  WINNOW_TRY(view.check_entries());
  WINNOW_TRY(view.check_blocks());
  WINNOW_TRY(view.check_attributions());
  view.index_ip4();
  return view;
}

Status SnapshotView::check_table() const {
  if (!cuts_into_parts(value_begins_, header_.text_keys(), header_.text_bytes, 0))
    return corrupt("has values out of order");
  std::uint64_t used = 0;
  const auto slots = std::uint64_t{1} << header_.table_bits;
  for (std::uint64_t slot = 0; slot < slots; ++slot) {
    if (fingerprints_[slot] == 0) continue;
    if (slot_keys_[slot] >= header_.text_keys()) return corrupt("has a slot for no indicator");
    ++used;
  }
  // A free slot ends every probe.
  if (used != header_.text_keys() || used == slots)
    return corrupt("has a hash table that is too full");
  return {};
}

Status SnapshotView::check_entries() const {
  if (!cuts_into_parts(entry_begins_, header_.indicators(), header_.entries, 1))
    return corrupt("has entries out of order");
  for (std::uint32_t i = 0; i < header_.entries; ++i) {
    if ((entries_[i] & ~kWithSubdomains) >= header_.attributions)
      return corrupt("has an entry without attribution");
  }
  return {};
}

Status SnapshotView::check_blocks() const {
  // Parents come before their children, so that going outwards ends.
  for (std::uint32_t i = 0; i < header_.ip4; ++i) {
    if (ip4_bits_[i] > 32 || (ip4_parents_[i] != kNoParent && ip4_parents_[i] >= i) ||
        (i > 0 && ip4_firsts_[i] < ip4_firsts_[i - 1])) {
      return corrupt("has IPv4 blocks out of order");
    }
  }
  for (std::uint32_t i = 0; i < header_.ip6; ++i) {
    if (ip6_bits_[i] > 128 || (ip6_parents_[i] != kNoParent && ip6_parents_[i] >= i) ||
        (i > 0 && ip6_firsts_[i] < ip6_firsts_[i - 1])) {
      return corrupt("has IPv6 blocks out of order");
    }
  }
  return {};
}

Status SnapshotView::check_attributions() const {
  const auto strings = std::uint64_t{header_.labels} + header_.sources;
  if (!cuts_into_parts(string_begins_, strings, header_.string_bytes, 0))
    return corrupt("has labels out of order");
  for (std::uint32_t i = 0; i < header_.label_refs; ++i) {
    if (label_refs_[i] >= header_.labels) return corrupt("refers to no label");
  }
  for (std::uint32_t i = 0; i < header_.attributions; ++i) {
    const auto one = attributions_[i];
    if (one.source >= header_.sources ||
        std::uint64_t{one.labels_begin} + one.labels > header_.label_refs) {
      return corrupt("has an attribution to no source or label");
    }
  }
  return {};
}

void SnapshotView::index_ip4() {
  if (header_.ip4 == 0) return;
  ip4_by_head_.assign((1U << 16) + 1, header_.ip4);
  std::uint32_t head = 0;
  for (std::uint32_t i = 0; i < header_.ip4; ++i) {
    for (; head <= ip4_firsts_[i] >> 16; ++head) ip4_by_head_[head] = i;
  }
}

}  // namespace winnow::detail
