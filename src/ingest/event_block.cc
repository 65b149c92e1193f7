#include "ingest/detail/event_block.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "ingest/detail/event_entry.h"
#include "store/compress.h"

namespace winnow {
namespace {

constexpr int kLevel = 1;  // higher ones gain little among records that are alike
// What is left when events are given up has to fit where all of it stood. Less content is seldom
// packed larger, and then by some bytes: each block ends with room for these, and more effort is a
// second way to fit. But where the others repeat pieces of what goes, the pieces can take any more
// bytes than the whole did: such a rest stands aside.
constexpr std::size_t kSpare = 64;
constexpr int kLevelsOfLess[] = {1, 3, 9, 19};

std::string payload_of(std::span<const EventBlock::Item> items, std::string_view packed) {
  ByteWriter writer;
  writer.put_count(items.size());
  for (const auto& item : items) {
    writer.put(static_cast<std::uint8_t>(item.is_kept)).put_raw(removed_payload(item.event));
  }
  return std::move(writer.put_text(packed)).bytes();
}

std::string with_spare(std::string payload, std::size_t room) {
  payload.append(std::min(kSpare, room - payload.size()), '\0');
  return payload;
}

}  // namespace

std::string block_payload(std::span<const NewEvent* const> events) {
  ByteWriter writer;
  std::string raws;
  raws.reserve(kBlockBytes);
  writer.put_count(events.size());
  for (const auto* event : events) {
    put_event_head(*event, writer.put(std::uint8_t{1}));
    raws.append(event->raw);
  }
  writer.put_text(compress(raws, kLevel)).put_raw(std::string(kSpare, '\0'));
  return std::move(writer).bytes();
}

Result<EventBlock> EventBlock::read(std::string_view payload) {
  constexpr std::uint64_t kLeastItem = 1 + Digest::kBytes + 2 * 8 + 5;
  ByteReader reader(payload);
  EventBlock block;
  const auto count = reader.get_item_count(kLeastItem);
  for (std::uint64_t i = 0; i < count; ++i) {
    auto& item = block.items_.emplace_back();
    const auto kept = reader.get<std::uint8_t>();
    WINNOW_TRY(item.event, read_event_head(reader));
    if (kept > 1) return Error(Code::Corrupt, "a block of events does not read as one");
    item.is_kept = kept == 1;
    item.begin = block.kept_bytes_;
    if (item.is_kept) block.kept_bytes_ += item.event.raw_bytes;
  }
  block.packed_ = reader.get_text();
  // The spare room: zeros.
  const auto behind = reader.get_raw(reader.left());
  const bool is_one = reader.ok() && !block.items_.empty() && block.kept_bytes_ <= kBlockBytes &&
                      behind.find_first_not_of('\0') == std::string_view::npos;
  if (!is_one) return Error(Code::Corrupt, "a block of events does not read as one");
  return block;
}

Result<std::string> EventBlock::unpack() const {
  if (kept_bytes_ == 0 && packed_.empty()) return std::string();
  auto bytes = decompress(packed_, kept_bytes_);
  const bool is_more = !bytes && bytes.error().code() == Code::Exhausted;
  if (is_more || (bytes && bytes->size() != kept_bytes_)) {
    return Error(Code::Corrupt, fmt::format("a block of events holds {} bytes than it says",
                                            is_more ? "more" : "fewer"));
  }
  return bytes;
}

bool EventBlock::keeps_any_of(const std::unordered_set<Digest>& events) const {
  return std::ranges::any_of(
      items_, [&](const Item& item) { return item.is_kept && events.contains(item.event.digest); });
}

Result<BlockRest> rest_of(UnpackedBlock block, const std::unordered_set<Digest>& gone,
                          std::size_t room) {
  std::string kept, packed;
  for (auto& item : block.items) {
    if (gone.contains(item.event.digest)) item.is_kept = false;
    if (item.is_kept) kept.append(block.bytes, item.begin, item.event.raw_bytes);
  }
  for (const auto level : kLevelsOfLess) {
    packed = kept.empty() ? std::string() : compress(kept, level);
    auto payload = payload_of(block.items, packed);
    if (payload.size() <= room) return BlockRest{with_spare(std::move(payload), room), {}};
  }
  auto payload = payload_of(block.items, {});
  if (payload.size() > room)
    return Error(Code::Corrupt, "a block of events names more than stands in its place");
  return BlockRest{with_spare(std::move(payload), room), payload_of(block.items, packed)};
}

}  // namespace winnow
