// Which rows are copies of one another: a campaign sends the same mail many times with another
// name, amount or link, a sensor tells the same of a thousand connections. Splits keep such a group
// on one side, or a test would ask what training had told.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/matrix.h"
#include "features/text_likeness.h"

namespace winnow::learn {

struct NearDuplicateRule {
  double similarity = 0.7;  // Jaccard; pairs at or above it belong together
  // Sets smaller than this are grouped only with equal sets: two short texts resemble by chance.
  std::uint32_t min_terms = 8;
};

// For each set the index of the first set of its group. Groups are the connected components of the
// relation "at least `similarity` alike", found by the bands of their signatures: a pair at
// similarity 0.7 is missed with probability 1.2 %, at 0.8 with 0.02 %; no pair below `similarity`
// is joined by itself, except in a bucket with more than kMaxBucket different sets, which is joined
// whole: where the work must be bounded, keeping too much together is the safe error.
// The partition does not depend on the order of the sets. Cost: 64 multiplications a term.
inline constexpr std::size_t kMaxBucket = 256;
std::vector<std::uint32_t> group_near_duplicates(std::span<const TermSet> sets,
                                                 const NearDuplicateRule& rule = {});

// The same for rows without text: those with equal values in every column, missing ones too, are
// copies of one another. Cost: a sort of the rows.
std::vector<std::uint32_t> group_equal_rows(MatrixView rows);

}  // namespace winnow::learn
