// The kernels for AVX2: 32 rows at a time, thresholds compared eight at a time.
#include <immintrin.h>

#include "model/detail/kernel_loops.h"
#include "model/detail/kernels.h"
#include "model/detail/shap_loops.h"

namespace winnow::kernels {
namespace {

struct ByteVector {
  typedef std::uint8_t Bytes __attribute__((vector_size(32)));
  static Bytes splat(std::uint8_t x) {
    return reinterpret_cast<Bytes>(_mm256_set1_epi8(static_cast<char>(x)));
  }
  static Bytes choose(Bytes mask, Bytes yes, Bytes no) {
    return reinterpret_cast<Bytes>(_mm256_blendv_epi8(reinterpret_cast<__m256i>(no),
                                                      reinterpret_cast<__m256i>(yes),
                                                      reinterpret_cast<__m256i>(mask)));
  }
};

// Of 16 ascending floats, how many are not above x.
unsigned count_not_above(const float* sixteen, __m256 x) {
  const auto low = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_load_ps(sixteen), x, _CMP_LE_OQ));
  const auto high = _mm256_movemask_ps(_mm256_cmp_ps(_mm256_load_ps(sixteen + 8), x, _CMP_LE_OQ));
  return static_cast<unsigned>(_mm_popcnt_u32(static_cast<unsigned>(low | (high << 8))));
}

void rank_strided(const View& view, const float* row, std::uint8_t* ranks, std::size_t stride) {
  for (std::size_t i = 0; i < view.ranker_count; ++i) {
    const float x = row[view.rankers[i].feature];
    const __m256 all = _mm256_set1_ps(x);
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
  for (std::size_t k = 0; k < count; k += 8) {
    const __m128i eight = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(places + k));
    const __m256 values = _mm256_i32gather_ps(leaves, _mm256_cvtepu8_epi32(eight), 4);
    _mm256_storeu_ps(out + k, _mm256_add_ps(_mm256_loadu_ps(out + k), values));
  }
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
  typedef float Floats __attribute__((vector_size(32)));
  typedef std::int32_t Mask __attribute__((vector_size(32)));
  static constexpr std::size_t kLanes = 8;

  static Floats splat(float x) { return _mm256_set1_ps(x); }
  static Floats load(const float* from) { return _mm256_load_ps(from); }
  static void store(float* to, Floats x) { _mm256_store_ps(to, x); }
  static Floats choose(Mask mask, Floats yes, Floats no) {
    return _mm256_blendv_ps(no, yes, reinterpret_cast<Floats>(mask));
  }
  static Mask goes_right(const std::uint8_t* ranks, std::uint8_t threshold) {
    const __m128i rank = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(ranks));
    const __m128i most = _mm_set1_epi8(static_cast<char>(threshold));
    const __m128i left = _mm_cmpeq_epi8(_mm_min_epu8(rank, most), rank);
    return ~reinterpret_cast<Mask>(_mm256_cvtepi8_epi32(left));
  }
  static Mask mask_of(unsigned bits) {
    const Mask lanes = {1, 2, 4, 8, 16, 32, 64, 128};
    return (reinterpret_cast<Mask>(_mm256_set1_epi32(static_cast<int>(bits))) & lanes) != Mask{};
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

const Kernels& avx2_kernels() {
  static constexpr Kernels kKernels = {rank_row,      rank_block,  add_row,
                                       add_block,     sweep_block, enter_tree,
                                       explain_block, explain_row, 32};
  return kKernels;
}

}  // namespace winnow::kernels
