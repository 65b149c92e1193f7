#include "ingest/detail/event_pack.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/contract.h"

namespace winnow {
namespace {

// digest, event time, received time, offset, size of the raw bytes, origin
constexpr std::size_t kEventBytes = Digest::kBytes + 4 * 8 + 4;

Error damaged() { return Error(Code::Corrupt, "a pack of the event log's index is no pack"); }

}  // namespace

std::string pack_events(std::span<const StoredEvent> events) {
  ensure(events.size() <= kPackEvents, "a pack's events were counted");
  std::vector<EventPack::Origin> origins;
  ByteWriter of_each;
  for (const auto& event : events) {
    const EventPack::Origin origin{event.form, event.at.segment, event.source, event.mapping};
    const auto known = std::ranges::find(origins, origin);
    const auto place = known - origins.begin();
    if (known == origins.end()) origins.push_back(origin);
    of_each.put_raw(event.digest.as_text())
        .put(event.event_time.micros())
        .put(event.received_time.micros())
        .put(event.at.offset)
        .put(event.raw_bytes)
        .put(static_cast<std::uint32_t>(place));
  }
  ByteWriter pack;
  pack.put_count(origins.size());
  for (const auto& origin : origins) {
    pack.put(static_cast<std::uint8_t>(origin.form))
        .put_count(origin.segment)
        .put_text(origin.source)
        .put_text(origin.mapping);
  }
  return std::move(pack.put_raw(of_each.bytes())).bytes();
}

Result<EventPack> EventPack::open(std::string bytes, std::uint64_t first, std::uint64_t last) {
  constexpr std::size_t kLeastOrigin = 4;
  EventPack pack(std::move(bytes), first, last);
  ByteReader reader(pack.bytes_);
  const auto origins = reader.get_item_count(kLeastOrigin);
  for (std::uint64_t i = 0; i < origins && reader.ok(); ++i) {
    auto& origin = pack.origins_.emplace_back();
    origin.form = static_cast<RecordForm>(reader.get<std::uint8_t>());
    origin.segment = reader.get_count();
    origin.source = reader.get_text();
    origin.mapping = reader.get_text();
  }
  const bool is_one = reader.ok() && first > 0 && first <= last && last - first < kPackEvents &&
                      reader.left() == (last - first + 1) * kEventBytes;
  if (!is_one) return damaged();
  return pack;
}

Result<StoredEvent> EventPack::event(std::uint64_t id) const {
  ensure(id >= first_ && id <= last_, "an event is read from its pack");
  const auto behind = (last_ - id + 1) * kEventBytes;
  ByteReader reader(std::string_view(bytes_).substr(bytes_.size() - behind));
  StoredEvent event;
  event.id = id;
  std::array<std::uint8_t, Digest::kBytes> digest{};
  std::memcpy(digest.data(), reader.get_raw(digest.size()).data(), digest.size());
  event.digest = Digest(digest);
  event.event_time = Timestamp::from_micros(reader.get<std::int64_t>());
  event.received_time = Timestamp::from_micros(reader.get<std::int64_t>());
  event.at.offset = reader.get<std::uint64_t>();
  event.raw_bytes = reader.get<std::uint64_t>();
  const auto origin = reader.get<std::uint32_t>();
  if (origin >= origins_.size()) return damaged();
  event.form = origins_[origin].form;
  event.at.segment = origins_[origin].segment;
  event.source = origins_[origin].source;
  event.mapping = origins_[origin].mapping;
  return event;
}

}  // namespace winnow
