#include "intel/detail/snapshot_view.h"

#include <algorithm>

namespace winnow::detail {

std::string_view SnapshotView::tail() const {
  return bytes_.substr(layout_.tail, header_.tail_bytes);
}

std::string_view SnapshotView::text_value(std::uint32_t text_key) const {
  const auto begin = value_begins_[text_key];
  return bytes_.substr(layout_.text + begin, value_begins_[text_key + 1] - begin);
}

std::string_view SnapshotView::string(std::uint32_t number) const {
  const auto begin = string_begins_[number];
  return bytes_.substr(layout_.strings + begin, string_begins_[number + 1] - begin);
}

IndicatorKind SnapshotView::kind_of(std::uint32_t indicator) const {
  auto end = header_.domains;
  if (indicator < end) return IndicatorKind::Domain;
  if (indicator < (end += header_.urls)) return IndicatorKind::Url;
  if (indicator < (end += header_.mailboxes)) return IndicatorKind::Mailbox;
  return indicator < end + header_.files ? IndicatorKind::File : IndicatorKind::Ip;
}

std::uint32_t SnapshotView::find(std::uint64_t fingerprint, IndicatorKind kind,
                                 std::string_view value) const {
  const auto mask = (std::uint64_t{1} << header_.table_bits) - 1;
  for (auto slot = slot_of(fingerprint);; slot = (slot + 1) & mask) {
    const auto found = fingerprints_[slot];
    if (found == 0) return kNotFound;
    if (found != fingerprint) continue;
    // A fingerprint can be forged; the value cannot.
    const auto key = slot_keys_[slot];
    if (kind_of(key) == kind && text_value(key) == value) return key;
  }
}

IpAddress SnapshotView::ip6_first(std::uint32_t position) const {
  return IpAddress::v6(ip6_firsts_[position]);
}

bool SnapshotView::holds_ip4(std::uint32_t position, std::uint32_t address) const {
  const unsigned bits = ip4_bits_[position];
  return bits == 0 || (ip4_firsts_[position] ^ address) >> (32 - bits) == 0;
}

// Blocks are nested or apart, so the last one that begins at or before the address either holds it
// or has the innermost holder among its ancestors.
std::uint32_t SnapshotView::find_block(const IpAddress& address) const {
  const auto base = header_.text_keys();
  if (address.is_v4()) {
    if (header_.ip4 == 0) return kNotFound;
    const auto value = address.v4_value();
    auto low = ip4_by_head_[value >> 16];
    auto high = ip4_by_head_[(value >> 16) + 1];
    while (low < high) {  // the first block that begins beyond the address
      const auto middle = low + (high - low) / 2;
      if (ip4_firsts_[middle] <= value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (auto at = low == 0 ? kNoParent : low - 1; at != kNoParent; at = ip4_parents_[at]) {
      if (holds_ip4(at, value)) return base + at;
    }
    return kNotFound;
  }
  std::uint32_t low = 0, high = header_.ip6;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (ip6_firsts_[middle] <= address.bytes()) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  for (auto at = low == 0 ? kNoParent : low - 1; at != kNoParent; at = ip6_parents_[at]) {
    if (IpBlock(ip6_first(at), ip6_bits_[at]).contains(address)) return base + header_.ip4 + at;
  }
  return kNotFound;
}

std::uint32_t SnapshotView::enclosing(std::uint32_t indicator) const {
  const auto base = header_.text_keys();
  const auto position = indicator - base;
  const bool v4 = position < header_.ip4;
  const auto parent = v4 ? ip4_parents_[position] : ip6_parents_[position - header_.ip4];
  if (parent == kNoParent) return kNotFound;
  return base + (v4 ? 0 : header_.ip4) + parent;
}

IpBlock SnapshotView::block(std::uint32_t indicator) const {
  const auto position = indicator - header_.text_keys();
  if (position < header_.ip4) return {IpAddress::v4(ip4_firsts_[position]), ip4_bits_[position]};
  return {ip6_first(position - header_.ip4), ip6_bits_[position - header_.ip4]};
}

std::uint32_t SnapshotView::indicator_of(std::uint32_t entry) const {
  std::uint32_t low = 0, high = header_.indicators();
  while (low < high) {  // the first indicator whose entries begin after `entry`
    const auto middle = low + (high - low) / 2;
    if (entry_begins_[middle] <= entry) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

SnapshotView::Attribution SnapshotView::attribution(std::uint32_t entry) const {
  return attributions_[entries_[entry] & ~kWithSubdomains];
}

}  // namespace winnow::detail
