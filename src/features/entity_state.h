// What is remembered of one entity: a bounded, mergeable, serialisable value. Each accumulator is a
// function of the *set* of observations (nothing depends on their order), so that merging is
// exactly associative and commutative, and late or reordered events end in the same bytes. Format:
// docs/formats/entity-state.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "features/arrivals.h"
#include "features/distinct_count.h"
#include "features/frequencies.h"
#include "features/sliding_window.h"

namespace winnow {

// When an entity was first and last seen. Empty until the first observation.
struct SeenSpan {
  std::int64_t first_us = INT64_MAX;
  std::int64_t last_us = INT64_MIN;

  bool empty() const { return first_us > last_us; }
  void add(Timestamp at);
  Status merge(const SeenSpan& other);
  void write(ByteWriter& out) const;
  static Result<SeenSpan> read(ByteReader& in);  // Errors: Corrupt
  friend bool operator==(const SeenSpan&, const SeenSpan&) = default;
};

// Counts in time buckets of equal width, of which the newest `capacity` non-empty ones are kept,
// and the total of all times. A false date far in the future costs one bucket, not the history.
class BucketCounts {
 public:
  struct Bucket {
    std::int64_t index;   // floor(time / width)
    std::uint64_t count;  // above 0
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };
  static constexpr std::uint32_t kMaxCapacity = 1024;

  BucketCounts() = default;
  BucketCounts(std::uint32_t width_s, std::uint32_t capacity)
      : width_s_(width_s), capacity_(capacity) {}

  // False when it is older than every bucket it keeps: then only the total counts it.
  bool add(Timestamp at, std::uint64_t count);
  Status merge(const BucketCounts& other);  // Errors: InvalidArgument (another width or capacity)

  std::uint64_t total() const { return total_; }
  // The counts of the buckets that end in the one of `now`, as many as `window` holds (rounded up).
  std::uint64_t within(Timestamp now, Duration window) const;
  // How many of those buckets have a count: active days, for buckets of a day.
  std::uint64_t active(Timestamp now, Duration window) const;
  // Each bucket not after that of `now`, halved for every `half_life` between its start and `now`'s
  // bucket.
  double decayed(Timestamp now, Duration half_life) const;
  // What is usual: the whole buckets of the window before that of `now`, empty ones too, from the
  // oldest one kept on, since of what was before nothing is known. Nothing without such a bucket.
  struct Usual {
    double mean;
    double deviation;  // the standard deviation
    double present;    // the bucket of `now`, as far as it has come
  };
  std::optional<Usual> usual(Timestamp now, Duration window) const;

  std::uint32_t width_s() const { return width_s_; }
  std::uint32_t capacity() const { return capacity_; }
  std::span<const Bucket> buckets() const { return buckets_; }
  std::size_t heap_bytes() const { return buckets_.capacity() * sizeof(Bucket); }
  void write(ByteWriter& out) const;
  static Result<BucketCounts> read(ByteReader& in);  // Errors: Corrupt
  friend bool operator==(const BucketCounts&, const BucketCounts&) = default;

 private:
  std::int64_t index_of(Timestamp at) const;
  void keep_newest();
  std::uint32_t width_s_ = 86'400;
  std::uint32_t capacity_ = 1;
  std::uint64_t total_ = 0;
  std::vector<Bucket> buckets_;  // ascending
};

using Accumulator = std::variant<SeenSpan, BucketCounts, DistinctCount, WindowCounts,
                                 WindowDistinct, Frequencies, Arrivals>;

// Whether both were declared with the same shape, so that they can be merged.
bool same_shape(const Accumulator& a, const Accumulator& b);

// The accumulators a feature set keeps of one entity, in the order it declares them.
class EntityState {
 public:
  static constexpr std::size_t kMaxAccumulators = 64;
  static constexpr std::size_t kMaxBytes = 1UL << 20;

  EntityState() = default;
  explicit EntityState(std::vector<Accumulator> accumulators)
      : accumulators_(std::move(accumulators)) {}

  std::span<const Accumulator> accumulators() const { return accumulators_; }
  std::span<Accumulator> accumulators() { return accumulators_; }

  // Afterwards this is the state of both sets of observations together.
  // Errors: InvalidArgument (the states were declared differently).
  Status merge(const EntityState& other);

  std::size_t memory_bytes() const;  // what it takes, about

  std::string bytes() const;  // canonical: equal states, equal bytes
  // Errors: Corrupt (cut, over its bounds, or not canonical).
  static Result<EntityState> from_bytes(std::string_view bytes);

  friend bool operator==(const EntityState&, const EntityState&) = default;

 private:
  std::vector<Accumulator> accumulators_;
};

}  // namespace winnow
