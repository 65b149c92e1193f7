#include "features/detail/layout.h"

#include <algorithm>

#include "features/detail/program.h"

namespace winnow::features {
namespace {

using Condition = std::optional<NodeId>;

// For each node of a list the one condition under which all its readers look at a record: links
// are often asked about only where they lead to the web. None where some reader looks at all.
class Readers {
 public:
  explicit Readers(const Program& program)
      : nodes_(program.nodes), conditions_(nodes_.size()), is_read_(nodes_.size(), false) {
    for (NodeId id = nodes_.size(); id-- > 0;) {  // readers come after what they read
      const auto& node = nodes_[id];
      // A condition that is computed later cannot be asked.
      if (conditions_[id] && *conditions_[id] >= id) conditions_[id].reset();
      if (node.op == Node::Op::Fold) {
        const bool by_record = node.mask && nodes_[*node.mask].list;
        for (const auto argument : node.arguments)
          read(argument, by_record ? node.mask : Condition());
        if (node.mask) read(*node.mask, {});
      } else {
        for (const auto argument : node.arguments) read(argument, conditions_[id]);
      }
    }
  }
  Condition condition(NodeId node) const { return conditions_[node]; }

 private:
  void read(NodeId id, Condition condition) {
    if (!nodes_[id].list) return;
    if (!is_read_[id]) {
      conditions_[id] = condition;
      is_read_[id] = true;
    } else if (conditions_[id] != condition) {
      conditions_[id].reset();
    }
  }

  const std::vector<Node>& nodes_;
  std::vector<Condition> conditions_;
  std::vector<bool> is_read_;
};

Step::Kind kind_of(const Node& node) {
  switch (node.op) {
    case Node::Op::Constant:
    case Node::Op::Attribute:
      break;
    case Node::Op::Call:
      return node.primitive->is_costly ? Step::Kind::TextCall
             : node.list               ? Step::Kind::ListCall
                                       : Step::Kind::Call;
    case Node::Op::Fold:
      return Step::Kind::Fold;
    case Node::Op::Remembered:
      return Step::Kind::Remembered;
  }
  return Step::Kind::Given;
}

}  // namespace

Layout::Layout(const Program& program) : tables_(program.lists.size() + 1) {
  const Readers readers(program);
  steps_.reserve(program.nodes.size());
  for (NodeId id = 0; id < program.nodes.size(); ++id) {
    const auto& node = program.nodes[id];
    Step step;
    step.kind = kind_of(node);
    const auto table = node.list ? Place::of_list(*node.list) : Place::kEvent;
    step.out = {table, tables_[table].columns++};
    if (table == Place::kEvent) {
      beginning_.push_back(node.op == Node::Op::Constant ? node.constant : missing_of(node.type));
    }
    if (node.op == Node::Op::Attribute) {
      const auto& columns = node.list ? program.lists[*node.list].columns : program.columns;
      tables_[table].add(columns[node.column].attribute, {step.out.column, node.type});
    }
    step.arguments_begin = static_cast<std::uint32_t>(arguments_.size());
    for (const auto argument : node.arguments) arguments_.push_back(steps_[argument].out);
    most_arguments_ = std::max(most_arguments_, node.arguments.size());
    step.arguments_end = static_cast<std::uint32_t>(arguments_.size());
    const auto where = node.op == Node::Op::Fold ? node.mask : readers.condition(id);
    if (where) step.where = steps_[*where].out;
    if (node.primitive != nullptr) step.call = node.primitive->kernel;
    if (node.aggregate != nullptr) step.fold = node.aggregate->kernel;
    step.folded = Place::of_list(node.folded);
    steps_.push_back(step);
  }
}

void Layout::Table::add(ocsf::Attribute attribute, Column column) {
  if (attribute.id() >= by_attribute.size()) by_attribute.resize(attribute.id() + 1, kNone);
  by_attribute[attribute.id()] = static_cast<std::uint16_t>(attributes.size());
  attributes.push_back(column);
}

}  // namespace winnow::features
