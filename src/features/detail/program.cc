#include "features/detail/program.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/digest.h"

namespace winnow::features {

std::vector<NodeId> Program::plan(std::vector<NodeId> roots) const {
  std::vector<bool> needed(nodes.size(), false);
  while (!roots.empty()) {
    const auto id = roots.back();
    roots.pop_back();
    if (needed[id]) continue;
    needed[id] = true;
    const auto& node = nodes[id];
    roots.insert(roots.end(), node.arguments.begin(), node.arguments.end());
    if (node.mask) roots.push_back(*node.mask);
    if (node.op == Node::Op::Remembered) {
      const auto& key = histories[node.history].key;
      roots.insert(roots.end(), key.begin(), key.end());
    }
  }
  std::vector<NodeId> order;  // ascending: arguments come before those who use them
  for (NodeId id = 0; id < nodes.size(); ++id) {
    if (needed[id]) order.push_back(id);
  }
  return order;
}

bool Program::is_remembered(NodeId node) const {
  return std::ranges::any_of(
      plan({node}), [&](NodeId needed) { return nodes[needed].op == Node::Op::Remembered; });
}

namespace {

bool reads_vocabulary(const Node& node) {
  return node.type == Type::Words || node.type == Type::Lexicon || node.type == Type::DomainList ||
         (node.primitive != nullptr &&
          node.primitive->name.find("brand") != std::string_view::npos) ||
         (node.primitive != nullptr && node.primitive->name == "is_lookalike");
}

std::string describe(const Program& program, const Node& node) {
  const auto list = node.list ? program.lists[*node.list].attribute.path() : std::string_view();
  switch (node.op) {
    case Node::Op::Constant:
      return node.type == Type::Text
                 ? fmt::format("text {}", node.constant.text())
                 : fmt::format("{} {}", name_of(node.type), node.constant.number);
    case Node::Op::Attribute: {
      const auto& column =
          node.list ? program.lists[*node.list].columns[node.column] : program.columns[node.column];
      return fmt::format("attribute {} {} {}", list, column.attribute.path(), name_of(column.type));
    }
    case Node::Op::Call:
      return fmt::format("call {} {}", node.primitive->name, node.primitive->signature);
    case Node::Op::Fold:
      return fmt::format("fold {} {} {}", node.aggregate->name, node.aggregate->signature,
                         program.lists[node.folded].attribute.path());
    case Node::Op::Remembered:
      break;
  }
  return "remembered";  // never part of a history
}

}  // namespace

std::string describe_histories(const Program& program, std::string_view canonical) {
  std::vector<NodeId> roots;
  std::string text;
  bool vocabulary = false;
  std::map<NodeId, std::size_t> position;
  const auto reference = [&](const std::optional<NodeId>& node) {
    return node ? static_cast<std::ptrdiff_t>(position.at(*node)) : std::ptrdiff_t{-1};
  };
  for (const auto& history : program.histories) {
    roots.insert(roots.end(), history.key.begin(), history.key.end());
    for (const auto& keep : history.keeps) {
      if (keep.value) roots.push_back(*keep.value);
      if (keep.when) roots.push_back(*keep.when);
    }
  }
  for (const auto id : program.plan(std::move(roots))) {
    const auto& node = program.nodes[id];
    vocabulary |= reads_vocabulary(node);
    text += describe(program, node);
    for (const auto argument : node.arguments) text += fmt::format(" {}", position.at(argument));
    text += fmt::format(" {}\n", reference(node.mask));
    position.emplace(id, position.size());
  }
  for (const auto& history : program.histories) {
    text += fmt::format("history {}", history.name);
    for (const auto part : history.key) text += fmt::format(" {}", position.at(part));
    text += "\n";
    for (const auto& keep : history.keeps) {
      const auto empty = EntityState({keep.empty}).bytes();
      text += fmt::format("keep {} {} {} {} {}\n", keep.name, to_hex(empty), reference(keep.value),
                          reference(keep.when), keep.verdict);
    }
  }
  if (vocabulary) text += canonical;
  return text;
}

}  // namespace winnow::features
