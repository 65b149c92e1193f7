// The kernels for AVX-512 with BW, DQ, VL and VBMI: decisions are bits of mask registers, a byte
// permutation fetches the ranks of all nodes of a tree at once, and 512 rows select their way down.
#include <immintrin.h>

#include "model/detail/kernel_loops.h"
#include "model/detail/kernels.h"
#include "model/detail/shap_loops.h"

namespace winnow::kernels {
namespace {

constexpr std::size_t kGroups = kBlock / 64;  // words of a decision of a whole block

unsigned count_not_above(const float* sixteen, __m512 x) {
  return static_cast<unsigned>(
      _mm_popcnt_u32(_mm512_cmp_ps_mask(_mm512_load_ps(sixteen), x, _CMP_LE_OQ)));
}

void rank_row(const View& view, const float* row, std::uint8_t* ranks) {
  for (std::size_t i = 0; i < view.ranker_count; ++i) {
    const float x = row[view.rankers[i].feature];
    const __m512 all = _mm512_set1_ps(x);
    const unsigned block = kPivots * count_not_above(view.pivots + i * kPivots, all);
    const unsigned rank = block + count_not_above(view.thresholds + i * kThresholds + block, all);
    put_rank(view.rankers[i], x, rank, ranks, 1);
  }
}

// Of each lane, how many of 15 ascending floats and a NaN are not above it: four halvings.
__m512i pivots_not_above(__m512 pivots, __m512 x) {
  __m512i count = _mm512_setzero_si512();
  for (int step = 8; step > 0; step /= 2) {
    const __m512 pivot =
        _mm512_permutexvar_ps(_mm512_add_epi32(count, _mm512_set1_epi32(step - 1)), pivots);
    count = _mm512_mask_add_epi32(count, _mm512_cmp_ps_mask(pivot, x, _CMP_LE_OQ), count,
                                  _mm512_set1_epi32(step));
  }
  return count;
}

__mmask16 is_missing(const Ranker& ranker, __m512 x) {
  __mmask16 missing = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
  if (ranker.zero_gap != 0) [[unlikely]] {
    missing |= _mm512_cmp_ps_mask(_mm512_abs_ps(x), _mm512_set1_ps(1e-35F),
                                  _CMP_LE_OQ);  // TreeNode::kZeroGap
  }
  return missing;
}

// Ranks one feature of 64 rows: pivots for 16 rows at once, then the 16 thresholds after each row's
// pivot.
void rank_column(const View& view, std::size_t i, const float* x, std::uint8_t* ranks) {
  const Ranker& ranker = view.rankers[i];
  const float* thresholds = view.thresholds + i * kThresholds;
  const __m512 pivots = _mm512_load_ps(view.pivots + i * kPivots);
  alignas(64) std::uint32_t begins[64];
  std::uint64_t missing = 0;
  for (std::size_t r = 0; r < 64; r += 16) {
    const __m512 rows = _mm512_load_ps(x + r);
    _mm512_store_si512(begins + r, _mm512_slli_epi32(pivots_not_above(pivots, rows), 4));
    missing |= static_cast<std::uint64_t>(is_missing(ranker, rows)) << r;
  }
  alignas(64) std::uint8_t found[64];
  for (std::size_t r = 0; r < 64; ++r) {
    found[r] = static_cast<std::uint8_t>(
        begins[r] + count_not_above(thresholds + begins[r], _mm512_set1_ps(x[r])));
  }
  const __m512i rank = _mm512_load_si512(found);
  const __m512i high = _mm512_mask_set1_epi8(rank, missing, static_cast<char>(255));
  _mm512_store_si512(ranks + ranker.high_column * kStride, high);
  _mm512_store_si512(ranks + ranker.low_column * kStride, _mm512_maskz_mov_epi8(~missing, rank));
}

void rank_block(const View& view, const float* rows, std::size_t columns, std::size_t count,
                std::uint8_t* ranks) {
  alignas(64) float x[2][64] = {};
  for (std::size_t first = 0; first < count; first += 64) {
    const std::size_t here = count - first < 64 ? count - first : 64;
    for (std::size_t i = 0; i < view.ranker_count; ++i) {
      float* column = x[i % 2];  // two, so that one is written while the other is still read
      const float* from = rows + first * columns + view.rankers[i].feature;
      for (std::size_t r = 0; r < here; ++r) column[r] = from[r * columns];
      rank_column(view, i, column, ranks + first);
    }
  }
}

// One bit for each node of a tree: whether the row goes right there.
std::uint64_t decisions_of(const View& view, std::size_t tree, const std::uint8_t* ranks) {
  const __m512i columns = _mm512_load_si512(view.chunk_columns + tree * kHeap);
  __m512i rank = _mm512_setzero_si512();
  for (std::size_t c = 0; c < view.chunks; ++c) {
    const __m512i low = _mm512_loadu_si512(ranks + c * kChunk);
    const __m512i high = _mm512_loadu_si512(ranks + c * kChunk + 64);
    const __m512i found = _mm512_permutex2var_epi8(low, columns, high);
    rank = _mm512_mask_mov_epi8(rank, view.chunk_masks[tree * view.chunks + c], found);
  }
  return _mm512_cmpgt_epu8_mask(rank, _mm512_load_si512(view.node_thresholds + tree * kHeap));
}

// The heap slots, 64 to 127, that eight decision words lead to.
__m512i descend(__m512i decisions) {
  const __m512i one = _mm512_set1_epi64(1);
  __m512i at = one;
  for (std::size_t level = 0; level < kDepth; ++level) {
    const __m512i right = _mm512_and_epi64(_mm512_srlv_epi64(decisions, at), one);
    at = _mm512_or_epi64(_mm512_add_epi64(at, at), right);
  }
  return at;
}

// Decisions are written for many trees before the first are read back: a wide load that had to wait
// for the narrow stores just before it would cost more than the descent.
void add_row(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
             float* margins) {
  constexpr std::size_t kLanes = 8;
  constexpr std::size_t kTrees = 64;
  alignas(64) std::uint64_t words[kTrees] = {};
  RunningMargin margin(margins);
  for (std::size_t first = begin; first < end; first += kTrees) {
    const std::size_t trees = end - first < kTrees ? end - first : kTrees;
    for (std::size_t k = 0; k < trees; ++k) words[k] = decisions_of(view, first + k, ranks);
    for (std::size_t k = 0; k < trees; k += kLanes) {
      alignas(64) std::uint64_t slots[kLanes];
      _mm512_store_si512(slots, descend(_mm512_load_si512(words + k)));
      for (std::size_t j = 0; j < kLanes && k + j < trees; ++j) {
        const std::size_t tree = first + k + j;
        margin.add(view.outputs[tree], view.leaves[tree * kHeap + slots[j] - kHeap]);
      }
    }
  }
}

// One bit for each row of a block.
using Decision = std::uint64_t[kGroups];

__m512i load(const Decision& decision) { return _mm512_load_si512(decision); }

__m512i choose(__m512i right, __m512i if_right, __m512i if_left) {
  return _mm512_ternarylogic_epi64(right, if_right, if_left, 0xCA);
}

// The decision of each row's node on level `kLevel`, below `node`, given the decisions above.
template <int kLevel, int kAt>
inline __attribute__((always_inline)) __m512i select(const Decision* nodes, std::size_t node,
                                                     const __m512i* above) {
  if constexpr (kAt == kLevel) {
    return load(nodes[node]);
  } else {
    return choose(above[kAt], select<kLevel, kAt + 1>(nodes, 2 * node + 1, above),
                  select<kLevel, kAt + 1>(nodes, 2 * node, above));
  }
}

template <int kLevel, int kLevels>
inline __attribute__((always_inline)) void select_levels(const Decision* nodes, __m512i* above,
                                                         Decision* levels) {
  above[kLevel] = select<kLevel, 0>(nodes, 1, above);
  _mm512_store_si512(levels[kLevel], above[kLevel]);
  if constexpr (kLevel + 1 < kLevels) select_levels<kLevel + 1, kLevels>(nodes, above, levels);
}

// Adds the leaves of 64 rows, of at most 64: those in the upper half, marked in `right_half`, by
// their places in it.
void add_leaves(const float* leaves, const std::uint8_t* places, std::uint64_t right_half,
                float* out) {
  const __m512 leaf[4] = {_mm512_load_ps(leaves), _mm512_load_ps(leaves + 16),
                          _mm512_load_ps(leaves + 32), _mm512_load_ps(leaves + 48)};
  for (std::size_t k = 0; k < 4; ++k) {
    const __m512i sixteen =
        _mm512_cvtepu8_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(places + 16 * k)));
    const __m512 low = _mm512_permutex2var_ps(leaf[0], sixteen, leaf[1]);
    const __m512 high = _mm512_permutex2var_ps(leaf[2], sixteen, leaf[3]);
    const __m512 value =
        _mm512_mask_mov_ps(low, static_cast<__mmask16>(right_half >> (16 * k)), high);
    _mm512_storeu_ps(out + 16 * k, _mm512_add_ps(_mm512_loadu_ps(out + 16 * k), value));
  }
}

// The root's decision picks the half of the leaves, the others a place in it.
template <int kLevels>
void add_decided(const float* leaves, const Decision* levels, std::size_t group, float* out) {
  __m512i place = _mm512_setzero_si512();
  for (int level = 1; level < kLevels; ++level) {
    const __m512i bit = _mm512_set1_epi8(static_cast<char>(kHeap >> (level + 1)));
    place = _mm512_or_si512(place, _mm512_maskz_mov_epi8(levels[level][group], bit));
  }
  alignas(64) std::uint8_t places[64];
  _mm512_store_si512(places, place);
  add_leaves(leaves, places, levels[0][group], out);
}

template <int kLevels>
void add_tree(const View& view, std::size_t tree, const std::uint8_t* ranks, std::size_t groups,
              float* out) {
  alignas(64) Decision nodes[kHeap];
  for (std::size_t node = 1; node < (1U << kLevels); ++node) {
    const std::size_t slot = tree * kHeap + node;
    const std::uint8_t* column = ranks + view.node_columns[slot] * kStride;
    const __m512i threshold = _mm512_set1_epi8(static_cast<char>(view.node_thresholds[slot]));
    for (std::size_t g = 0; g < kGroups; ++g) {
      nodes[node][g] = _mm512_cmpgt_epu8_mask(_mm512_load_si512(column + 64 * g), threshold);
    }
  }
  __m512i above[kLevels];
  alignas(64) Decision levels[kLevels];
  select_levels<0, kLevels>(nodes, above, levels);
  for (std::size_t g = 0; g < groups; ++g) {
    add_decided<kLevels>(view.leaves + tree * kHeap, levels, g, out + 64 * g);
  }
}

void add_block(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
               std::size_t count, float* margins) {
  const std::size_t groups = (count + 63) / 64;
  for (std::size_t tree = begin; tree < end; ++tree) {
    float* out = margins + view.outputs[tree] * kBlock;
    switch (view.depths[tree]) {
      case 1:
        add_tree<1>(view, tree, ranks, groups, out);
        break;
      case 2:
        add_tree<2>(view, tree, ranks, groups, out);
        break;
      case 3:
        add_tree<3>(view, tree, ranks, groups, out);
        break;
      case 4:
        add_tree<4>(view, tree, ranks, groups, out);
        break;
      case 5:
        add_tree<5>(view, tree, ranks, groups, out);
        break;
      default:
        add_tree<6>(view, tree, ranks, groups, out);
        break;
    }
  }
}

// The same for more leaves than registers hold.
void add_gathered(const float* leaves, const std::uint8_t* places, float* out) {
  for (std::size_t k = 0; k < 64; k += 16) {
    const __m512i sixteen =
        _mm512_cvtepu8_epi32(_mm_load_si128(reinterpret_cast<const __m128i*>(places + k)));
    const __m512 values = _mm512_i32gather_ps(sixteen, leaves, 4);
    _mm512_storeu_ps(out + k, _mm512_add_ps(_mm512_loadu_ps(out + k), values));
  }
}

void sweep_block(const View& view, std::size_t begin, std::size_t end, const std::uint8_t* ranks,
                 std::size_t count, float* margins) {
  const std::size_t groups = (count + 63) / 64;
  for (std::size_t t = begin; t < end; ++t) {
    const SweptTree& tree = view.swept_trees[t];
    __m512i at[kGroups] = {};
    for (std::size_t n = tree.begin; n < tree.end; ++n) {
      const SweptNode node = view.swept_nodes[n];
      const std::uint8_t* column = ranks + node.column * kStride;
      const __m512i threshold = _mm512_set1_epi8(static_cast<char>(node.threshold));
      const __m512i place = _mm512_set1_epi8(static_cast<char>(node.place));
      const __m512i right = _mm512_set1_epi8(static_cast<char>(node.right));
      for (std::size_t g = 0; g < kGroups; ++g) {
        const __mmask64 here = _mm512_cmpeq_epi8_mask(at[g], place);
        const __mmask64 goes =
            _mm512_mask_cmpgt_epu8_mask(here, _mm512_load_si512(column + 64 * g), threshold);
        at[g] = _mm512_mask_mov_epi8(at[g], goes, right);
      }
    }
    const float* leaves = view.swept_leaves + tree.leaves;
    float* out = margins + tree.output * kBlock;
    for (std::size_t g = 0; g < groups; ++g) {
      alignas(64) std::uint8_t places[64];
      _mm512_store_si512(places, at[g]);
      if (tree.leaf_count <= kHeap) {
        const __mmask64 right_half = _mm512_test_epi8_mask(at[g], _mm512_set1_epi8(kHeap / 2));
        add_leaves(leaves, places, right_half, out + 64 * g);
      } else {
        add_gathered(leaves, places, out + 64 * g);
      }
    }
  }
}

struct Simd {
  typedef float Floats __attribute__((vector_size(64)));
  typedef std::int32_t Mask __attribute__((vector_size(64)));
  static constexpr std::size_t kLanes = 16;

  static Floats splat(float x) { return _mm512_set1_ps(x); }
  static Floats load(const float* from) { return _mm512_load_ps(from); }
  static void store(float* to, Floats x) { _mm512_store_ps(to, x); }
  static Floats choose(Mask mask, Floats yes, Floats no) {
    return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
        reinterpret_cast<__m512i>(mask), _mm512_castps_si512(yes), _mm512_castps_si512(no), 0xCA));
  }
  static Mask goes_right(const std::uint8_t* ranks, std::uint8_t threshold) {
    const __m128i rank = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ranks));
    return mask_of(_mm_cmpgt_epu8_mask(rank, _mm_set1_epi8(static_cast<char>(threshold))));
  }
  static Mask mask_of(unsigned bits) {
    return reinterpret_cast<Mask>(_mm512_movm_epi32(static_cast<__mmask16>(bits)));
  }
};

void explain_block(const ShapTree& tree, const std::uint8_t* ranks, float* phi) {
  explain_block_with<Simd>(tree, ranks, phi);
}

// The decision words of 16 trees, turned into one word of 16 bits for each node.
void explain_row(const View& view, const ShapGroup& group, const std::uint8_t* ranks,
                 float* contributions) {
  alignas(64) std::uint64_t words[kGroup];
  for (std::size_t k = 0; k < kGroup; ++k) words[k] = decisions_of(view, group.trees[k], ranks);
  const __m512i low = _mm512_load_si512(words);
  const __m512i high = _mm512_load_si512(words + 8);
  std::uint16_t decisions[kHeap];
  for (std::size_t node = 1; node < kHeap; ++node) {
    const __m512i bit = _mm512_set1_epi64(1LL << node);
    decisions[node] = static_cast<std::uint16_t>(
        _mm512_kunpackb(_mm512_test_epi64_mask(high, bit), _mm512_test_epi64_mask(low, bit)));
  }
  explain_group_with<Simd>(group, decisions, contributions);
}

}  // namespace

const Kernels& avx512_kernels() {
  static constexpr Kernels kKernels = {rank_row,      rank_block,  add_row,
                                       add_block,     sweep_block, enter_tree,
                                       explain_block, explain_row, 96};
  return kKernels;
}

}  // namespace winnow::kernels
