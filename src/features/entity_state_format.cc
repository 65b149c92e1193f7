// The bytes of an entity state: docs/formats/entity-state.md.
#include "base/bytes.h"
#include "features/entity_state.h"

namespace winnow {
namespace {

constexpr std::uint8_t kFormat = 1;
enum Tag : std::uint8_t { kSeen = 1, kCounts = 2, kDistinct = 3 };
constexpr std::uint8_t kHighestRank = 59;
constexpr std::int64_t kHighestIndex = 10'000'000'000'000;  // seconds: beyond every Timestamp

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

Error corrupt(std::string_view what) {
  return Error(Code::Corrupt, "entity state " + std::string(what));
}

}  // namespace

std::string EntityState::bytes() const {
  ByteWriter out;
  out.put(kFormat).put_count(accumulators_.size());
  for (const auto& accumulator : accumulators_) {
    if (const auto* seen = std::get_if<SeenSpan>(&accumulator)) {
      out.put(std::uint8_t{kSeen}).put(static_cast<std::uint8_t>(seen->empty() ? 0 : 1));
      if (!seen->empty()) out.put(seen->first_us).put(seen->last_us);
    } else if (const auto* counts = std::get_if<BucketCounts>(&accumulator)) {
      out.put(std::uint8_t{kCounts}).put_count(counts->width_s_).put_count(counts->capacity_);
      out.put_count(counts->total_).put_count(counts->buckets_.size());
      std::int64_t before = 0;
      for (const auto& [index, count] : counts->buckets_) {
        out.put_count(zigzag(index - before)).put_count(count);
        before = index;
      }
    } else if (const auto* distinct = std::get_if<DistinctCount>(&accumulator)) {
      std::uint64_t present = 0;
      for (std::size_t i = 0; i < DistinctCount::kRegisters; ++i) {
        if (distinct->registers_[i] != 0) present |= std::uint64_t{1} << i;
      }
      out.put(std::uint8_t{kDistinct}).put(present);
      for (const auto rank : distinct->registers_) {
        if (rank != 0) out.put(rank);
      }
    }
  }
  return std::move(out).bytes();
}

namespace {

Result<SeenSpan> read_seen(ByteReader& in) {
  SeenSpan seen;
  const auto present = in.get<std::uint8_t>();
  if (present > 1) return corrupt("has a mark that is neither 0 nor 1");
  if (present == 0) return seen;
  seen.first_us = in.get<std::int64_t>();
  seen.last_us = in.get<std::int64_t>();
  if (in.ok() && seen.empty()) return corrupt("was last seen before it was first seen");
  return seen;
}

}  // namespace

Result<EntityState> EntityState::from_bytes(std::string_view bytes) {
  if (bytes.size() > kMaxBytes) return corrupt("is larger than any can be");
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() != kFormat) return corrupt("is of an unknown format");
  const auto count = in.get_item_count(2);
  if (count > kMaxAccumulators) return corrupt("has too many accumulators");
  EntityState state;
  for (std::uint64_t n = 0; n < count && in.ok(); ++n) {
    switch (in.get<std::uint8_t>()) {
      case kSeen: {
        WINNOW_TRY(const SeenSpan seen, read_seen(in));
        state.accumulators_.emplace_back(seen);
        break;
      }
      case kCounts: {
        const auto width = in.get_count();
        const auto capacity = in.get_count();
        if (width == 0 || width > UINT32_MAX || capacity == 0 ||
            capacity > BucketCounts::kMaxCapacity) {
          return corrupt("has counts of an impossible shape");
        }
        BucketCounts counts(static_cast<std::uint32_t>(width),
                            static_cast<std::uint32_t>(capacity));
        counts.total_ = in.get_count();
        const auto buckets = in.get_item_count(2);
        if (buckets > capacity) return corrupt("has more buckets than its capacity");
        std::int64_t index = 0;
        for (std::uint64_t i = 0; i < buckets && in.ok(); ++i) {
          const auto step = from_zigzag(in.get_count());
          const auto value = in.get_count();
          if ((i > 0 && step <= 0) || value == 0 || step > kHighestIndex || step < -kHighestIndex ||
              (index += step) > kHighestIndex) {
            return corrupt("has buckets out of order, empty, or of an impossible time");
          }
          counts.buckets_.push_back({index, value});
        }
        state.accumulators_.emplace_back(std::move(counts));
        break;
      }
      case kDistinct: {
        DistinctCount distinct;
        const auto present = in.get<std::uint64_t>();
        for (std::size_t i = 0; i < DistinctCount::kRegisters && in.ok(); ++i) {
          if ((present >> i & 1) == 0) continue;
          distinct.registers_[i] = in.get<std::uint8_t>();
          if (distinct.registers_[i] == 0 || distinct.registers_[i] > kHighestRank) {
            return corrupt("has a register out of range");
          }
        }
        state.accumulators_.emplace_back(distinct);
        break;
      }
      default:
        return corrupt("has an accumulator of an unknown kind");
    }
  }
  WINNOW_TRY(in.finish("entity state"));
  // Counts have one shortest form only; anything else would give equal states unequal bytes.
  if (state.bytes() != bytes) return corrupt("is not in its canonical form");
  return state;
}

}  // namespace winnow
