// The bytes of an entity state: docs/formats/entity-state.md.
#include "base/bytes.h"
#include "features/detail/buckets.h"
#include "features/detail/slice_format.h"
#include "features/entity_state.h"

namespace winnow {
namespace {

constexpr std::uint8_t kFormat = 1;
enum Tag : std::uint8_t {
  kSeen = 1,
  kCounts = 2,
  kDistinct = 3,
  kWindowCounts = 4,
  kWindowDistinct = 5,
  kFrequencies = 6,
  kArrivals = 7
};

Error corrupt(std::string_view what) {
  return Error(Code::Corrupt, "entity state " + std::string(what));
}

Tag tag_of(const SeenSpan&) { return kSeen; }
Tag tag_of(const BucketCounts&) { return kCounts; }
Tag tag_of(const DistinctCount&) { return kDistinct; }
Tag tag_of(const WindowCounts&) { return kWindowCounts; }
Tag tag_of(const WindowDistinct&) { return kWindowDistinct; }
Tag tag_of(const Frequencies&) { return kFrequencies; }
Tag tag_of(const Arrivals&) { return kArrivals; }

Result<Accumulator> read_accumulator(ByteReader& in) {
  const auto as_accumulator = [](auto read) -> Result<Accumulator> {
    if (!read) return std::move(read).error();
    return Accumulator(std::move(*read));
  };
  switch (in.get<std::uint8_t>()) {
    case kSeen:
      return as_accumulator(SeenSpan::read(in));
    case kCounts:
      return as_accumulator(BucketCounts::read(in));
    case kDistinct:
      return as_accumulator(DistinctCount::read(in));
    case kWindowCounts:
      return as_accumulator(WindowCounts::read(in));
    case kWindowDistinct:
      return as_accumulator(WindowDistinct::read(in));
    case kFrequencies:
      return as_accumulator(Frequencies::read(in));
    case kArrivals:
      return as_accumulator(Arrivals::read(in));
    default:
      return corrupt("has an accumulator of an unknown kind");
  }
}

}  // namespace

void SeenSpan::write(ByteWriter& out) const {
  out.put(static_cast<std::uint8_t>(empty() ? 0 : 1));
  if (!empty()) out.put(first_us).put(last_us);
}

Result<SeenSpan> SeenSpan::read(ByteReader& in) {
  SeenSpan seen;
  const auto present = in.get<std::uint8_t>();
  if (present > 1) return corrupt("has a mark that is neither 0 nor 1");
  if (present == 0) return seen;
  seen.first_us = in.get<std::int64_t>();
  seen.last_us = in.get<std::int64_t>();
  if (in.ok() && seen.empty()) return corrupt("was last seen before it was first seen");
  return seen;
}

void BucketCounts::write(ByteWriter& out) const {
  out.put_count(width_s_).put_count(capacity_).put_count(total_).put_count(buckets_.size());
  std::int64_t before = 0;
  for (const auto& [index, count] : buckets_) {
    out.put_count(features::zigzag(index - before)).put_count(count);
    before = index;
  }
}

Result<BucketCounts> BucketCounts::read(ByteReader& in) {
  const auto width = in.get_count();
  const auto capacity = in.get_count();
  if (width == 0 || width > UINT32_MAX || capacity == 0 || capacity > kMaxCapacity) {
    return corrupt("has counts of an impossible shape");
  }
  BucketCounts counts(static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(capacity));
  counts.total_ = in.get_count();
  const auto buckets = in.get_item_count(2);
  if (buckets > capacity) return corrupt("has more buckets than its capacity");
  std::int64_t index = 0;
  for (std::uint64_t i = 0; i < buckets && in.ok(); ++i) {
    const auto step = features::from_zigzag(in.get_count());
    const auto value = in.get_count();
    if ((i > 0 && step <= 0) || value == 0 || !features::is_index(step) ||
        !features::is_index(index += step)) {
      return corrupt("has buckets out of order, empty, or of an impossible time");
    }
    counts.buckets_.push_back({index, value});
  }
  return counts;
}

void features::write_state(const EntityState& state, ByteWriter& out) {
  out.put(kFormat).put_count(state.accumulators().size());
  for (const auto& accumulator : state.accumulators()) {
    std::visit(
        [&](const auto& kind) {
          out.put_count(tag_of(kind));  // a tag is one byte as a count, too
          kind.write(out);
        },
        accumulator);
  }
}

std::string EntityState::bytes() const {
  ByteWriter out;
  features::write_state(*this, out);
  return std::move(out).bytes();
}

Result<EntityState> EntityState::from_bytes(std::string_view bytes) {
  if (bytes.size() > kMaxBytes) return corrupt("is larger than any can be");
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() != kFormat) return corrupt("is of an unknown format");
  const auto count = in.get_item_count(2);
  if (count > kMaxAccumulators) return corrupt("has too many accumulators");
  EntityState state;
  state.accumulators_.reserve(count);
  for (std::uint64_t n = 0; n < count && in.ok(); ++n) {
    WINNOW_TRY(Accumulator accumulator, read_accumulator(in));
    state.accumulators_.push_back(std::move(accumulator));
  }
  WINNOW_TRY(in.finish("entity state"));
  // Counts have one shortest form only; anything else would give equal states unequal bytes.
  if (state.bytes() != bytes) return corrupt("is not in its canonical form");
  return state;
}

}  // namespace winnow
