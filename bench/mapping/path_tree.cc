#include "bench/mapping/path_tree.h"

#include <algorithm>

namespace winnow::bench {

PathTree::PathTree(std::span<const JsonSelection::Path> paths, const JsonSelection& selection)
    : widths_(selection.list_widths().begin(), selection.list_widths().end()) {
  make_node();
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto place = selection.place(i);
    const auto column = static_cast<std::int32_t>(place.column);
    std::int32_t node = 0;
    for (std::size_t step = 0; step < paths[i].size(); ++step) {
      const bool of_items = step + 1 < paths[i].size() && paths[i][step + 1] == "*";
      const bool is_last = step + (of_items ? 2 : 1) == paths[i].size();
      const auto next = is_last ? kNone : make_node();
      auto& wanted = key(node, paths[i][step]);
      if (of_items) {
        wanted.list = static_cast<std::int32_t>(*place.list);
        ++step;
      }
      if (is_last) {
        (of_items ? wanted.item_column : wanted.column) = column;
        continue;
      }
      auto& branch = of_items ? wanted.item_node : wanted.node;
      if (branch == kNone) branch = next;
      node = branch;
    }
  }
}

std::int32_t PathTree::make_node() {
  nodes_.emplace_back();
  return static_cast<std::int32_t>(nodes_.size()) - 1;
}

PathTree::Key& PathTree::key(std::int32_t node, const std::string& name) {
  auto& same_size = nodes_[static_cast<std::size_t>(node)][std::min(name.size(), kSizes - 1)];
  const auto known = std::ranges::find(same_size, name, &Key::name);
  if (known != same_size.end()) return *known;
  auto& made = same_size.emplace_back();
  made.name = name;
  return made;
}

}  // namespace winnow::bench
