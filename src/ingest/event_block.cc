#include "ingest/detail/event_block.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/bytes.h"
#include "ingest/detail/event_entry.h"
#include "store/compress.h"

namespace winnow {
namespace {

constexpr int kLevel = 1;  // higher ones gain little among records that are alike
// What is left when events are given up has to fit where all of it stood. Less content is hardly
// ever packed larger: by 14 bytes at most in 40,000 trials with content made for it. So each block
// ends with room for more than that, and more effort is a second way to fit.
constexpr std::size_t kSpare = 64;
constexpr int kLevelsOfLess[] = {1, 3, 9, 19};

void put_items(ByteWriter& writer, std::span<const EventBlock::Item> items,
               std::string_view packed) {
  writer.put_count(items.size());
  for (const auto& item : items) {
    writer.put(static_cast<std::uint8_t>(item.is_kept)).put_raw(removed_payload(item.event));
  }
  writer.put_text(packed);
}

}  // namespace

std::string block_payload(std::span<const NewEvent* const> events) {
  ByteWriter writer;
  std::string raws;
  writer.put_count(events.size());
  for (const auto* event : events) {
    writer.put(std::uint8_t{1}).put_raw(event_head(*event));
    raws.append(event->raw);
  }
  writer.put_text(compress(raws, kLevel)).put_raw(std::string(kSpare, '\0'));
  return std::move(writer).bytes();
}

Result<EventBlock> EventBlock::read(std::string_view payload) {
  constexpr std::uint64_t kLeastItem = 1 + Digest::kBytes + 2 * 8 + 5;
  ByteReader reader(payload);
  EventBlock block;
  block.payload_bytes_ = payload.size();
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
  WINNOW_TRY(auto bytes, decompress(packed_, kept_bytes_));
  if (bytes.size() != kept_bytes_)
    return Error(Code::Corrupt, "a block of events holds fewer bytes than it says");
  return bytes;
}

Result<std::string> EventBlock::without(const std::unordered_set<Digest>& gone) const {
  WINNOW_TRY(const auto bytes, unpack());
  auto items = items_;
  std::string kept;
  bool changed = false;
  for (auto& item : items) {
    if (item.is_kept && gone.contains(item.event.digest)) {
      item.is_kept = false;
      changed = true;
    }
    if (item.is_kept) kept.append(bytes, item.begin, item.event.raw_bytes);
  }
  if (!changed) return std::string();
  for (const auto level : kLevelsOfLess) {
    ByteWriter writer;
    put_items(writer, items, kept.empty() ? std::string() : compress(kept, level));
    if (writer.bytes().size() > payload_bytes_) continue;
    const auto spare = std::min(kSpare, payload_bytes_ - writer.bytes().size());
    return std::move(writer.put_raw(std::string(spare, '\0'))).bytes();
  }
  return Error(Code::Exhausted,
               fmt::format("what is left of a block of {} events takes more room than all of it",
                           items.size()))
      .with_hint("it goes once others of its events are removed too");
}

}  // namespace winnow
