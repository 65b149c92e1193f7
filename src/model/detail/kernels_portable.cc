// The kernels for any machine: scalar code, and vectors of 16 bytes as every x86-64 and ARM64 has
// them.
#include "model/detail/kernel_loops.h"
#include "model/detail/kernels.h"
#include "model/detail/shap_loops.h"

namespace winnow::kernels {
namespace {

typedef std::uint8_t Bytes __attribute__((vector_size(16)));

// How many of a ranker's thresholds are not above x, by halving: NaN at the end is never counted.
unsigned rank_of(const float* thresholds, float x) {
  unsigned rank = 0;
  for (unsigned step = kThresholds / 2; step > 0; step /= 2) {
    rank += x >= thresholds[rank + step - 1] ? step : 0;
  }
  return rank;
}

void rank_strided(const View& view, const float* row, std::uint8_t* ranks, std::size_t stride) {
  constexpr std::size_t kLanes = 4;  // searches at once, so that their loads overlap
  std::size_t i = 0;
  for (; i + kLanes <= view.ranker_count; i += kLanes) {
    float x[kLanes];
    unsigned rank[kLanes];
    for (std::size_t j = 0; j < kLanes; ++j) {
      x[j] = row[view.rankers[i + j].feature];
      rank[j] = 0;
    }
    for (unsigned step = kThresholds / 2; step > 0; step /= 2) {
      for (std::size_t j = 0; j < kLanes; ++j) {
        rank[j] += x[j] >= view.thresholds[(i + j) * kThresholds + rank[j] + step - 1] ? step : 0;
      }
    }
    for (std::size_t j = 0; j < kLanes; ++j)
      put_rank(view.rankers[i + j], x[j], rank[j], ranks, stride);
  }
  for (; i < view.ranker_count; ++i) {
    const float x = row[view.rankers[i].feature];
    put_rank(view.rankers[i], x, rank_of(view.thresholds + i * kThresholds, x), ranks, stride);
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

void add_block(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
               std::size_t count, float* margins) {
  for (std::size_t r = 0; r < count; r += sizeof(Bytes)) {
    for (std::size_t tree = begin; tree < end; ++tree) {
      const Bytes leaf = find_leaves<Bytes>(view, tree, ranks + r);
      const float* leaves = view.leaves + tree * kHeap;
      float* out = margins + view.outputs[tree] * kBlock + r;
      for (std::size_t k = 0; k < sizeof(Bytes); ++k) out[k] += leaves[leaf[k]];
    }
  }
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
  static constexpr Kernels kKernels = {rank_row,      rank_block,  add_row, add_block,
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
