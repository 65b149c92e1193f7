// The expressions of a feature set, compiled: one list of nodes in which equal sub-expressions are
// one node, each computed once an event (for an attribute of a list's records: once a record).
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "features/detail/layout.h"
#include "features/detail/primitive.h"
#include "features/detail/type.h"
#include "features/detail/vocabulary.h"
#include "features/entity_state.h"
#include "ocsf/event.h"

namespace winnow::features {

using ListId = std::size_t;

struct Node {
  enum class Op : std::uint8_t { Constant, Attribute, Call, Fold, Remembered };
  Op op = Op::Constant;
  Type type = Type::Number;
  std::optional<ListId> list;            // computed for each record of it; else once
  Cell constant;                         // Constant
  std::size_t column = 0;                // Attribute: of the event or of the list
  const Primitive* primitive = nullptr;  // Call
  const Aggregate* aggregate = nullptr;  // Fold
  ListId folded = 0;                     // Fold: over this list
  std::optional<NodeId> mask;            // Fold: of the records for which this is yes
  std::size_t history = 0;               // Remembered: an accumulator of a history
  std::size_t accumulator = 0;
  std::vector<NodeId> arguments;  // all before the node itself
};

struct Column {
  ocsf::Attribute attribute;
  Type type;
};

struct ListSource {
  ocsf::Attribute attribute;
  std::vector<Column> columns;
};

struct History {
  struct Keep {
    std::string name;
    Accumulator empty;
    std::optional<NodeId> value;  // what is counted or told apart; one for each event without
    std::optional<NodeId> when;   // only where this is yes
    std::string verdict;          // folds these verdicts in, not events
  };
  static constexpr std::size_t kMaxKeyParts = 4;
  std::string name;
  std::vector<NodeId> key;
  std::vector<Keep> keeps;
  EntityState empty;  // of all of them
};

struct Program {
  std::vector<Node> nodes;
  std::vector<Column> columns;  // of the event
  std::vector<ListSource> lists;
  std::vector<History> histories;  // by name
  std::deque<std::string> texts;   // what text constants point to
  Vocabulary vocabulary;
  Layout layout;  // of all that, once it is whole

  // The nodes that `roots` need, themselves included, in an order in which they can be computed.
  std::vector<NodeId> plan(std::vector<NodeId> roots) const;
  // Whether the node's value depends on what is remembered of an entity.
  bool is_remembered(NodeId node) const;
};

// Everything that shapes the states of a program's histories, as text: two programs with the same
// one may share states. `canonical` stands for the vocabulary where a history reads words or lists.
std::string describe_histories(const Program& program, std::string_view canonical);

}  // namespace winnow::features
