// A program laid out for its evaluation, once: where each value stands, which records of a list
// anybody asks for, and every node as a small step, so that running a plan reads memory forwards.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "features/detail/primitive.h"
#include "features/detail/type.h"
#include "ocsf/event.h"

namespace winnow::features {

struct Node;
struct Program;
using NodeId = std::size_t;

// A column of cells: of the event itself, one cell long, or of a list, one cell a record.
struct Place {
  static constexpr std::uint32_t kEvent = 0;
  static constexpr std::uint32_t of_list(std::size_t list) {
    return static_cast<std::uint32_t>(list) + 1;
  }
  std::uint32_t table = kEvent;
  std::uint32_t column = 0;
};

struct Step {
  enum class Kind : std::uint8_t {
    Given,     // a constant or an attribute, there from the beginning
    Call,      // of one value
    ListCall,  // of one value a record
    TextCall,  // of one value or one a record, worth remembering by the first argument's text
    Fold,
    Remembered
  };
  Kind kind = Kind::Given;
  Place out;
  std::uint32_t arguments_begin = 0, arguments_end = 0;
  std::optional<Place> where;  // only records for which this is yes count: the others' cells
                               // nobody reads
  Primitive::Kernel call = nullptr;
  Aggregate::Kernel fold = nullptr;
  std::uint32_t folded = 0;  // the table
};

class Layout {
 public:
  // Where the attributes of a record or of the event itself go.
  struct Column {
    std::uint32_t column;
    Type type;
  };
  struct Table {
    std::uint32_t columns = 0;
    std::vector<Column> attributes;
    static constexpr std::uint16_t kNone = UINT16_MAX;  // attributes are fewer than nodes
    std::vector<std::uint16_t> by_attribute;            // by its id: the position in `attributes`

    void add(ocsf::Attribute attribute, Column column);
    const Column* find(ocsf::Attribute attribute) const {
      const auto id = attribute.id();
      if (id >= by_attribute.size() || by_attribute[id] == kNone) return nullptr;
      return &attributes[by_attribute[id]];
    }
  };

  Layout() = default;
  explicit Layout(const Program& program);

  const Step& step(NodeId node) const { return steps_[node]; }
  std::span<const Place> arguments(const Step& step) const {
    return std::span(arguments_)
        .subspan(step.arguments_begin, step.arguments_end - step.arguments_begin);
  }
  std::size_t most_arguments() const { return most_arguments_; }  // of one step
  const Table& table(std::uint32_t place) const { return tables_[place]; }
  std::size_t tables() const { return tables_.size(); }
  // The event's cells before anything was read: constants, and missing values for attributes.
  std::span<const Cell> beginning() const { return beginning_; }

 private:
  std::vector<Step> steps_;  // by node
  std::vector<Place> arguments_;
  std::size_t most_arguments_ = 0;
  std::vector<Table> tables_;
  std::vector<Cell> beginning_;
};

}  // namespace winnow::features
