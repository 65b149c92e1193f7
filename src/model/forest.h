// A tree ensemble as a plain value: what every reader makes, what training hands over, and what the
// kernels are compiled from. All numbers are kept in the form that decides, so that equal forests
// decide equally whatever library wrote them.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/matrix.h"
#include "base/result.h"

namespace winnow {

// A node of a tree. A missing value (NaN) goes left if `default_left`, else right.
struct TreeNode {
  enum class Kind : std::uint8_t {
    Leaf,      // ends here: `slot` is where its values begin in Tree::leaf_values
    Numeric,   // left if x < threshold
    ZeroGap,   // the same, but a zero (|x| <= kZeroGap) counts as missing, as LightGBM can ask
    Category,  // right if x, truncated, is in Tree::category_sets[slot]; other values go left
  };
  static constexpr float kZeroGap = 1e-35F;

  Kind kind = Kind::Leaf;
  bool default_left = false;
  std::uint32_t feature = 0;
  float threshold = 0;  // finite or infinite, never NaN
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  std::uint32_t slot = 0;
  float cover =
      0;  // training weight that came by; a parent's is positive. Explanations weigh by it

  friend bool operator==(const TreeNode&, const TreeNode&) = default;
};

struct Tree {
  static constexpr std::uint32_t kAllOutputs = std::numeric_limits<std::uint32_t>::max();

  std::vector<TreeNode> nodes;  // [0] is the root; a child comes after its parent
  std::vector<float> leaf_values;
  std::vector<std::vector<std::uint32_t>> category_sets;  // each ascending, below kMaxCategory
  std::uint32_t output =
      0;             // the output that leaves add to; kAllOutputs: one value for each output
  float weight = 1;  // multiplies the leaves (DART, averaged forests)

  friend bool operator==(const Tree&, const Tree&) = default;
};

// What turns the sum of the leaves (the margin) into a prediction.
enum class Link : std::uint8_t {
  Identity,
  Logistic,  // 1 / (1 + exp(-scale * margin)), for each output
  Softmax,   // over the outputs
  Exponential,
  Step,          // 1 if the margin is positive, else 0
  SignedSquare,  // margin x |margin|
};
std::string_view name_of(Link link);

struct Forest {
  static constexpr std::uint32_t kMaxCategory = 1U << 24;  // as in XGBoost

  std::vector<Tree> trees;                 // margins are added up in this order, in float
  std::vector<float> base_scores;          // margins before the first tree, one for each output
  std::uint32_t features = 0;              // columns of a row
  std::vector<std::string> feature_names;  // empty, or one for each column
  Link link = Link::Identity;
  float link_scale = 1;   // of Link::Logistic
  std::string objective;  // as the training library called it

  std::size_t outputs() const { return base_scores.size(); }
  friend bool operator==(const Forest&, const Forest&) = default;
};

// How much a forest may hold; also what bounds the memory that reading one takes.
struct ForestLimits {
  std::size_t max_bytes = 32UL << 20;  // of the file
  std::size_t max_nodes = 16UL << 20;  // in all trees
  std::uint32_t max_features = 1U << 20;
  std::uint32_t max_outputs = 1024;
  std::uint32_t max_depth = 4096;  // edges from root to leaf
};

// Whether every promise above holds: indices in range, children after parents and each node with
// one parent, no NaN, covers finite. Everything below and ForestModel take checked forests only.
// Errors: InvalidArgument (which tree and node, and why), Exhausted (a limit).
Status check(const Forest& forest, const ForestLimits& limits = {});

std::uint32_t depth_of(const Tree& tree);  // edges from the root to its deepest leaf

// The margins of one row, one for each output, by walking node to node: the reference that all
// kernels equal bit for bit. `row` has forest.features columns.
void walk_margins(const Forest& forest, std::span<const float> row, std::span<float> margins);

// Turns the margins of one row into predictions, in place. The same bits on every machine.
void apply_link(const Forest& forest, std::span<float> margins);

// The canonical form (docs/formats/model.md): the same forest, the same bytes. Reading checks.
// Errors of reading: Corrupt, Unsupported (a newer version), those of check().
std::string to_bytes(const Forest& forest);
Result<Forest> forest_from_bytes(std::string_view bytes, const ForestLimits& limits = {});

}  // namespace winnow
