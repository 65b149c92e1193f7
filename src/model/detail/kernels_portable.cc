// The kernels for any machine: scalar code, and vectors of 16 bytes as every x86-64 and ARM64 has
// them.
#include "model/detail/kernel_loops.h"
#include "model/detail/kernels.h"
#include "model/detail/shap_loops.h"

namespace winnow::kernels {
namespace {

struct ByteVector {
  typedef std::uint8_t Bytes __attribute__((vector_size(16)));
  static Bytes splat(std::uint8_t x) {
    return Bytes{x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
  }
  static Bytes choose(Bytes mask, Bytes yes, Bytes no) { return (mask & yes) | (~mask & no); }
};

typedef float Floats __attribute__((vector_size(16)));
typedef std::int32_t Ints __attribute__((vector_size(16)));

// Of 16 ascending floats, how many are not above x. Nothing branches: which is a coin toss for each
// value.
unsigned count_not_above(const float* sixteen, Floats x) {
  const auto* four = reinterpret_cast<const Floats*>(sixteen);
  const Ints minus = (four[0] <= x) + (four[1] <= x) + (four[2] <= x) + (four[3] <= x);
  return static_cast<unsigned>(-(minus[0] + minus[1] + minus[2] + minus[3]));
}

void rank_strided(const View& view, const float* row, std::uint8_t* ranks, std::size_t stride) {
  for (std::size_t i = 0; i < view.ranker_count; ++i) {
    const float x = row[view.rankers[i].feature];
    const Floats all = {x, x, x, x};
    const unsigned block = kPivots * count_not_above(view.pivots + i * kPivots, all);
    const unsigned rank = block + count_not_above(view.thresholds + i * kThresholds + block, all);
    put_rank(view.rankers[i], x, rank, ranks, stride);
  }
}

void rank_row(const View& view, const float* row, std::uint8_t* ranks) {
  rank_strided(view, row, ranks, 1);
}

void rank_block(const View& view, const float* rows, std::size_t columns, std::size_t count,
                std::uint8_t* ranks) {
  for (std::size_t r = 0; r < count; ++r)
    rank_strided(view, rows + r * columns, ranks + r, kStride);
}

void add_row(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
             float* margins) {
  descend_and_add(view, begin, end, ranks, margins);
}

// Adds to each of `count` rows the leaf at its place.
void add_gathered(const float* leaves, const std::uint8_t* places, std::size_t count, float* out) {
  for (std::size_t k = 0; k < count; ++k) out[k] += leaves[places[k]];
}

void add_block(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
               std::size_t count, float* margins) {
  add_walked<ByteVector>(view, begin, end, ranks, count, margins, add_gathered);
}

void sweep_block(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
                 std::size_t count, float* margins) {
  add_swept<ByteVector>(view, begin, end, ranks, count, margins, add_gathered);
}

struct Simd {
  typedef float Floats __attribute__((vector_size(16)));
  typedef std::int32_t Mask __attribute__((vector_size(16)));
  static constexpr std::size_t kLanes = 4;

  static Floats splat(float x) { return Floats{x, x, x, x}; }
  static Floats load(const float* from) { return *reinterpret_cast<const Floats*>(from); }
  static void store(float* to, Floats x) { *reinterpret_cast<Floats*>(to) = x; }
  static Floats choose(Mask mask, Floats yes, Floats no) { return mask ? yes : no; }
  static Mask goes_right(const std::uint8_t* ranks, std::uint8_t threshold) {
    const Mask rank = {ranks[0], ranks[1], ranks[2], ranks[3]};
    const std::int32_t t = threshold;
    return rank > Mask{t, t, t, t};
  }
  static Mask mask_of(unsigned bits) {
    const auto b = static_cast<std::int32_t>(bits);
    return (Mask{b, b, b, b} & Mask{1, 2, 4, 8}) != Mask{};
  }
};

void explain_block(const ShapTree& tree, const std::uint8_t* ranks, float* phi) {
  explain_block_with<Simd>(tree, ranks, phi);
}

void explain_row(const View& view, const ShapGroup& group, const std::uint8_t* ranks,
                 float* contributions) {
  std::uint16_t decisions[kHeap];
  decide_group(view, group, ranks, decisions);
  explain_group_with<Simd>(group, decisions, contributions);
}

}  // namespace

const Kernels& portable_kernels() {
  static constexpr Kernels kKernels = {rank_row,      rank_block,  add_row,
                                       add_block,     sweep_block, enter_tree,
                                       explain_block, explain_row, 16};
  return kKernels;
}

#if !defined(__x86_64__)
const Kernels& avx2_kernels() { return portable_kernels(); }
const Kernels& avx512_kernels() { return portable_kernels(); }
#endif

const Kernels& kernels_of(CpuLevel level) {
  switch (level) {
    case CpuLevel::Portable:
      return portable_kernels();
    case CpuLevel::Avx2:
      return avx2_kernels();
    case CpuLevel::Avx512:
      return avx512_kernels();
  }
  return portable_kernels();
}

}  // namespace winnow::kernels
