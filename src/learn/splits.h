// Which rows train and which test. Every split here keeps two promises, proved by its tests: no
// near-duplicate group lies on both sides, and where time orders the split, nothing that trains is
// younger than anything that tests, less the embargo.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/timestamp.h"
#include "learn/data_set.h"

namespace winnow::learn {

struct Split {
  std::string name;                  // "from 2024-03-01", "phishing_pot | list_openbmc"
  std::vector<std::uint32_t> train;  // row indices, ascending
  std::vector<std::uint32_t> test;   // likewise; disjoint from train
  std::uint32_t purged = 0;  // rows kept out of train because their group tests, or for the embargo
};

// Trains on what is older than `cut` - `embargo`, tests on what is not older than `cut`. A training
// row whose group tests is left out of training: the test stays as it came.
// Errors: InvalidArgument (one side is empty).
Result<Split> split_at(const DataSet& data, Timestamp cut, Duration embargo);

struct ExpandingWindows {
  std::uint32_t folds = 5;         // test windows of about equally many rows
  double first_train_share = 0.4;  // of the rows, in time order, before the first test window
  Duration
      embargo{};  // between the youngest training row and the oldest test row: labels need time
};
// Time-ordered cross-validation: fold k trains on everything before its test window.
// Windows are cut between rows of different times. Errors: InvalidArgument (too few rows or times).
Result<std::vector<Split>> expanding_windows(const DataSet& data, const ExpandingWindows& windows);

// Tests on exactly the rows of the named sources, trains on all others.
// Errors: NotFound (no such source), InvalidArgument (one side is empty).
Result<Split> leave_sources_out(const DataSet& data, std::span<const std::string> sources);

// The cross-source matrix: for each pair of a malicious and a benign source, train without both and
// test on both. Rows in the order of the arguments. Errors: as leave_sources_out.
Result<std::vector<Split>> cross_source_matrix(const DataSet& data,
                                               std::span<const std::string> malicious,
                                               std::span<const std::string> benign);

// How out-of-fold scores are made: for each of `rows` the fold in which it is scored by a model
// that never saw it. All of one group share a fold.
enum class FoldBy : std::uint8_t {
  Group,   // groups dealt out by size, labels balanced, seeded: for data of one origin
  Time,    // contiguous in time; a group follows its first row
  Source,  // whole sources, labels balanced, largest first; needs two sources a label, else by
           // group
};
std::string_view name_of(FoldBy by);  // "group", "time", "source"
// Returns one fold in [0, folds) for each row. With FoldBy::Source a near-duplicate of another
// source stays with its source; its group is what cannot be helped there, and callers purge it
// (purge_groups). Errors: InvalidArgument (fewer than two folds, or more folds than rows).
Result<std::vector<std::uint32_t>> folds_of(const DataSet& data,
                                            std::span<const std::uint32_t> rows, FoldBy by,
                                            std::uint32_t folds, std::uint64_t seed);

// The rows of `train` whose group does not occur in `test`.
std::vector<std::uint32_t> purge_groups(const DataSet& data, std::span<const std::uint32_t> train,
                                        std::span<const std::uint32_t> test);

}  // namespace winnow::learn
