// Which of many rows train, and how much each counts: so that neither the loudest campaign nor the
// largest collection decides what malicious looks like, and that many benign rows cost little time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/rng.h"
#include "learn/data_set.h"

namespace winnow::learn {

struct Sampling {
  // Rows kept of one near-duplicate group, source and class; above 0.
  std::uint32_t copies_of_a_group = 2;
  // Benign rows kept of a source; above 0. Malicious and unwanted ones are too few to lose any.
  std::uint32_t rows_of_a_source = 2000;
  // A source of n rows weighs n^(1 - balance) in all: 0 counts rows, 1 counts sources.
  double source_balance = 0.5;
  std::uint32_t least_source = 30;  // smaller sources weigh a row as if they had so many
  // Unwanted rows train as benign, times this; 0 leaves them out. Spam shares much with phishing,
  // so what is called spam by one collector and phishing by another only blurs the border.
  double unwanted_weight = 0;
  Json json() const;
  static Result<Sampling> from_json(const Json& json);  // Errors: InvalidArgument
};

struct Sample {
  std::vector<std::uint32_t> rows;  // ascending
  // Of the rows that would train if a source could have any number of benign ones: what `rows` no
  // longer tells. NaN where there are none.
  double malicious_share = 0;
};

// A random choice among `rows` within the limits above.
Sample sample_rows(const DataSet& data, std::span<const std::uint32_t> rows,
                   const Sampling& sampling, Rng rng);

// One weight for each of `rows`: the row's own, by source and label as above, then scaled so that
// malicious rows and the others weigh the same and the mean is 1. Rows of weight 0 keep it.
std::vector<double> row_weights(const DataSet& data, std::span<const std::uint32_t> rows,
                                const Sampling& sampling);

}  // namespace winnow::learn
