// The canonical form of a forest: docs/formats/model.md, section "forest".
#include <fmt/format.h>

#include "base/bytes.h"
#include "model/detail/envelope.h"
#include "model/forest.h"

namespace winnow {
namespace {

constexpr std::string_view kMagic = "WnForest";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kNodeBytes = 26;

void put(ByteWriter& out, const TreeNode& node) {
  out.put(static_cast<std::uint8_t>(node.kind)).put(static_cast<std::uint8_t>(node.default_left));
  out.put(node.feature)
      .put(node.threshold)
      .put(node.left)
      .put(node.right)
      .put(node.slot)
      .put(node.cover);
}

TreeNode get_node(ByteReader& in) {
  TreeNode node;
  node.kind = static_cast<TreeNode::Kind>(in.get<std::uint8_t>());
  node.default_left = in.get<std::uint8_t>() != 0;
  node.feature = in.get<std::uint32_t>();
  node.threshold = in.get<float>();
  node.left = in.get<std::uint32_t>();
  node.right = in.get<std::uint32_t>();
  node.slot = in.get<std::uint32_t>();
  node.cover = in.get<float>();
  return node;
}

void put(ByteWriter& out, const Tree& tree) {
  out.put(tree.output).put(tree.weight).put_count(tree.nodes.size());
  for (const auto& node : tree.nodes) put(out, node);
  out.put_count(tree.leaf_values.size());
  for (const float value : tree.leaf_values) out.put(value);
  out.put_count(tree.category_sets.size());
  for (const auto& set : tree.category_sets) {
    out.put_count(set.size());
    for (const auto category : set) out.put(category);
  }
}

Tree get_tree(ByteReader& in) {
  Tree tree;
  tree.output = in.get<std::uint32_t>();
  tree.weight = in.get<float>();
  tree.nodes.resize(in.get_item_count(kNodeBytes));
  for (auto& node : tree.nodes) node = get_node(in);
  tree.leaf_values.resize(in.get_item_count(sizeof(float)));
  for (auto& value : tree.leaf_values) value = in.get<float>();
  tree.category_sets.resize(in.get_item_count(1));
  for (auto& set : tree.category_sets) {
    set.resize(in.get_item_count(sizeof(std::uint32_t)));
    for (auto& category : set) category = in.get<std::uint32_t>();
  }
  return tree;
}

Forest get_forest(ByteReader& in) {
  Forest forest;
  forest.features = in.get<std::uint32_t>();
  forest.link = static_cast<Link>(in.get<std::uint8_t>());
  forest.link_scale = in.get<float>();
  forest.objective = std::string(in.get_text());
  forest.feature_names.resize(in.get_item_count(1));
  for (auto& name : forest.feature_names) name = std::string(in.get_text());
  forest.base_scores.resize(in.get_item_count(sizeof(float)));
  for (auto& score : forest.base_scores) score = in.get<float>();
  forest.trees.resize(in.get_item_count(11));  // the bytes of a tree that holds nothing
  for (auto& tree : forest.trees) tree = get_tree(in);
  return forest;
}

}  // namespace

std::string to_bytes(const Forest& forest) {
  ByteWriter out;
  out.put(forest.features).put(static_cast<std::uint8_t>(forest.link)).put(forest.link_scale);
  out.put_text(forest.objective).put_count(forest.feature_names.size());
  for (const auto& name : forest.feature_names) out.put_text(name);
  out.put_count(forest.base_scores.size());
  for (const float score : forest.base_scores) out.put(score);
  out.put_count(forest.trees.size());
  for (const auto& tree : forest.trees) put(out, tree);
  return seal(kMagic, kVersion, out.bytes());
}

Result<Forest> forest_from_bytes(std::string_view bytes, const ForestLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    return Error(Code::Exhausted, fmt::format("a forest of {} bytes, allowed are {}", bytes.size(),
                                              limits.max_bytes));
  }
  WINNOW_TRY(const auto payload, unseal(kMagic, kVersion, bytes));
  ByteReader in(payload);
  Forest forest = get_forest(in);
  WINNOW_TRY(in.finish("the forest"));
  WINNOW_TRY(check(forest, limits));
  if (to_bytes(forest) != bytes)
    return Error(Code::Corrupt, "the forest is not in its canonical form");
  return forest;
}

}  // namespace winnow
