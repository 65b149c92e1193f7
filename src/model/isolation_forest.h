// A model of what is ordinary: how few random splits single a row out tells how novel it is
// (Liu, Ting & Zhou, "Isolation Forest", ICDM 2008). No labels are needed, and it knows none: novel
// is not malicious. README.md tells how it scores and explains.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/cpu.h"
#include "base/result.h"
#include "model/forest_model.h"
#include "model/model.h"

namespace winnow {

// A node of an isolation tree. Nodes stand in preorder: the left child follows its parent.
struct IsolationNode {
  std::uint32_t feature = 0;
  float threshold = 0;        // left if x < threshold; finite
  bool missing_left = false;  // where a missing value (NaN) goes
  std::uint32_t right = 0;    // the right child; 0: this is a leaf
  std::uint32_t samples =
      0;  // of a leaf: how many rows of the tree's sample ended here, at least 1

  bool is_leaf() const { return right == 0; }
  friend bool operator==(const IsolationNode&, const IsolationNode&) = default;
};

using IsolationTree = std::vector<IsolationNode>;

// The isolation forest as a plain value: what fitting and imports make.
struct IsolationTrees {
  std::vector<std::string> features;  // the columns of a row, unique
  std::vector<IsolationTree> trees;   // at least one
  double usual_path = 0;  // edges that a row takes on average: average_path() of a tree's sample

  friend bool operator==(const IsolationTrees&, const IsolationTrees&) = default;
};

// c(n) of the paper: the edges that a search in a binary tree of `samples` random keys takes on
// average when it fails. What a leaf adds for the rows that it was not split into.
double average_path(std::uint64_t samples);

// Immutable and shared by threads.
class IsolationForest final : public Model {
 public:
  // Errors: InvalidArgument (which tree and node breaks a promise above, and how; names that
  // repeat), Exhausted (a limit).
  static Result<IsolationForest> create(IsolationTrees trees, CpuLevel level = cpu_level(),
                                        const ForestLimits& limits = {});

  const IsolationTrees& trees() const { return trees_; }
  const std::vector<std::string>& features() const { return trees_.features; }
  std::size_t columns() const override { return trees_.features.size(); }

  // The novelty of each row: 2^-(mean path / usual path), in (0, 1). Ordinary rows lie below 0.5.
  // scikit-learn's score_samples() is its negative, within 1e-6. Allocates nothing; the same bits
  // at every level and in every batch size.
  void score(MatrixView rows, std::span<float> novelty) const override;

  // How far each column moved log2(novelty): exact path-dependent TreeSHAP of the mean path, with
  // the leaves' samples as covers. A row's contributions and its base sum to log2(novelty).
  void explain(MatrixView rows, Contributions& out) const override;

  // The canonical form (docs/formats/model.md): its SHA-256 names the artifact.
  // Errors of reading: Corrupt, Unsupported (a newer version), those of create().
  std::string to_bytes() const;
  static Result<IsolationForest> from_bytes(std::string_view bytes, const ForestLimits& limits = {},
                                            CpuLevel level = cpu_level());

 private:
  IsolationForest(IsolationTrees trees, ForestModel paths);

  IsolationTrees trees_;
  ForestModel paths_;  // its margin is the sum of a row's paths
  double scale_;       // from there to the exponent
};

}  // namespace winnow
