#include "model/detail/onnx_leaves.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

namespace winnow {
namespace {

// How far a path that was computed in float may be from one that can be.
constexpr double kTolerance = 1e-4;
constexpr std::uint32_t kMostSamples = 1U << 24;

// The rows of a leaf that adds `path` edges: average_path() backwards.
std::optional<std::uint32_t> samples_of(double path) {
  std::uint32_t low = 1, high = kMostSamples;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    // Between two counts, the nearer one.
    if ((average_path(middle) + average_path(middle + 1)) / 2 < path) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (std::fabs(average_path(low) - path) > kTolerance) return std::nullopt;
  return low;
}

// From breadth first to preorder.
Result<IsolationTree> isolation_tree(const LeafTable& table) {
  struct Open {
    std::uint32_t node, edges;
    std::optional<std::size_t> parent;  // whose right child this is
  };
  IsolationTree tree;
  std::vector<Open> open = {{0, 0, std::nullopt}};
  while (!open.empty()) {
    const auto [at, edges, parent] = open.back();
    open.pop_back();
    if (parent) tree[*parent].right = static_cast<std::uint32_t>(tree.size());
    const auto& from = table.tree->nodes[at];
    IsolationNode node;
    if (from.kind == TreeNode::Kind::Leaf) {
      const auto samples = samples_of(table.values[from.slot] - edges);
      if (!samples) {
        return Error(Code::Unsupported,
                     fmt::format("a power of two of trees whose leaves hold no paths (a leaf {} "
                                 "edges down holds {})",
                                 edges, table.values[from.slot]));
      }
      node.samples = *samples;
    } else {
      node.feature = from.feature;
      node.threshold = from.threshold;
      node.missing_left = from.default_left;
      open.push_back({from.right, edges + 1, tree.size()});
      open.push_back({from.left, edges + 1, std::nullopt});
    }
    tree.push_back(node);
  }
  return tree;
}

}  // namespace

std::optional<double> elementwise(std::string_view op, double a, double b) {
  if (op == "Add" || op == "Sum") return a + b;
  if (op == "Sub") return a - b;
  if (op == "Mul") return a * b;
  if (op == "Div") return a / b;
  if (op == "Max") return std::max(a, b);
  if (op == "Equal") return a == b ? 1 : 0;
  if (op == "Greater") return a > b ? 1 : 0;
  if (op == "Less") return a < b ? 1 : 0;
  if (op == "Neg") return -a;
  if (op == "Log") return std::log(a);
  return std::nullopt;
}

Status look_up(const OnnxNode& label_encoder, std::vector<double>& values) {
  const auto numbers = [&](std::string_view stem) {
    const auto& singles = label_encoder[fmt::format("{}_floats", stem)].numbers;
    const auto& integers = label_encoder[fmt::format("{}_int64s", stem)].integers;
    std::vector<double> all(singles.begin(), singles.end());
    all.insert(all.end(), integers.begin(), integers.end());
    return all;
  };
  const auto keys = numbers("keys"), entries = numbers("values");
  if (keys.empty() || keys.size() != entries.size())
    return Error(Code::Unsupported, "a LabelEncoder that does not map numbers to numbers");
  std::map<double, double> entry_of;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (!std::isnan(keys[k])) entry_of[keys[k]] = entries[k];
  }
  for (double& value : values) {
    const auto entry = std::isnan(value) ? entry_of.end() : entry_of.find(value);
    if (entry == entry_of.end())
      return Error(Code::InvalidArgument, "a LabelEncoder without an entry for a leaf");
    value = entry->second;
  }
  return {};
}

Result<IsolationTrees> isolation_of(const LeafSum& sum, std::vector<std::string> columns) {
  IsolationTrees made;
  made.features = std::move(columns);
  made.usual_path = -1 / (sum.scale * static_cast<double>(sum.tables.size()));
  for (const auto& table : sum.tables) {
    WINNOW_TRY(auto tree, isolation_tree(table));
    made.trees.push_back(std::move(tree));
  }
  return made;
}

}  // namespace winnow
