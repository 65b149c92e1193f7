#include "intel/detail/snapshot_layout.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "base/digest.h"

namespace winnow::detail {

int rank_of(IndicatorKind kind) {
  switch (kind) {
    case IndicatorKind::Domain:
      return 0;
    case IndicatorKind::Url:
      return 1;
    case IndicatorKind::Mailbox:
      return 2;
    case IndicatorKind::File:
      return 3;
    case IndicatorKind::Ip:
      return 4;
  }
  return 5;
}

SnapshotLayout layout_of(const SnapshotHeader& header) {
  std::uint64_t at = kSnapshotHeaderBytes;
  const auto place = [&](std::uint64_t items, std::uint64_t item_bytes) {
    const auto begin = at;
    at += (items * item_bytes + 7) / 8 * 8;
    return begin;
  };
  const auto slots = std::uint64_t{1} << header.table_bits;
  const auto text_keys =
      std::uint64_t{header.domains} + header.urls + header.mailboxes + header.files;
  SnapshotLayout layout{};
  layout.fingerprints = place(slots, 8);
  layout.slot_keys = place(slots, 4);
  layout.value_begins = place(text_keys + 1, 4);
  layout.entry_begins = place(text_keys + header.ip4 + header.ip6 + 1, 4);
  layout.entries = place(header.entries, 4);
  layout.ip4_firsts = place(header.ip4, 4);
  layout.ip4_parents = place(header.ip4, 4);
  layout.ip4_bits = place(header.ip4, 1);
  layout.ip6_firsts = place(header.ip6, 16);
  layout.ip6_parents = place(header.ip6, 4);
  layout.ip6_bits = place(header.ip6, 1);
  layout.attributions = place(header.attributions, kAttributionBytes);
  layout.label_refs = place(header.label_refs, 4);
  layout.string_begins = place(std::uint64_t{header.labels} + header.sources + 1, 4);
  layout.strings = place(header.string_bytes, 1);
  layout.text = place(header.text_bytes, 1);
  layout.tail = place(header.tail_bytes, 1);
  layout.end = at;
  return layout;
}

std::string write_header(const SnapshotHeader& header, std::uint64_t checksum) {
  ByteWriter out;
  out.put_raw(kSnapshotMagic).put(kSnapshotVersion);
  for (const auto count : {header.domains, header.urls, header.mailboxes, header.files, header.ip4,
                           header.ip6, header.entries, header.attributions, header.label_refs,
                           header.labels, header.sources, header.table_bits, header.string_bytes}) {
    out.put(count);
  }
  out.put(header.text_bytes).put(header.tail_bytes).put(header.seed).put(checksum);
  return std::move(out).bytes();
}

std::uint64_t snapshot_checksum(std::string_view bytes) {
  return hash64(bytes.substr(kSnapshotHeaderBytes), hash64(bytes.substr(0, kChecksumAt)));
}

Result<SnapshotHeader> read_header(std::string_view bytes) {
  const auto corrupt = [](std::string_view why) {
    return Error(Code::Corrupt, fmt::format("the intel snapshot {}", why));
  };
  if (bytes.size() < kSnapshotHeaderBytes || !bytes.starts_with(kSnapshotMagic))
    return corrupt("has no header");
  ByteReader in(bytes.substr(kSnapshotMagic.size(), kSnapshotHeaderBytes - kSnapshotMagic.size()));
  if (const auto version = in.get<std::uint32_t>(); version != kSnapshotVersion) {
    return Error(Code::Unsupported,
                 fmt::format("the intel snapshot has format version {}, this binary reads {}",
                             version, kSnapshotVersion));
  }
  SnapshotHeader header;
  for (auto* count : {&header.domains, &header.urls, &header.mailboxes, &header.files, &header.ip4,
                      &header.ip6, &header.entries, &header.attributions, &header.label_refs,
                      &header.labels, &header.sources, &header.table_bits, &header.string_bytes}) {
    *count = in.get<std::uint32_t>();
  }
  header.text_bytes = in.get<std::uint64_t>();
  header.tail_bytes = in.get<std::uint64_t>();
  header.seed = in.get<std::uint64_t>();
  // Nothing can be larger than the file; with that the sums below cannot overflow.
  const auto most = bytes.size();
  const auto indicators = std::uint64_t{header.domains} + header.urls + header.mailboxes +
                          header.files + header.ip4 + header.ip6;
  if (header.table_bits > 32 || header.text_bytes > most || header.tail_bytes > most ||
      indicators > most || layout_of(header).end != most) {
    return corrupt("has another size than its header says");
  }
  if (in.get<std::uint64_t>() != snapshot_checksum(bytes))
    return corrupt("does not match its checksum");
  return header;
}

}  // namespace winnow::detail
