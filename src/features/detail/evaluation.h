// The values of a program's nodes for one event, each computed once; and then for another, in the
// same memory. Borrows everything it is given.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory_resource>
#include <optional>
#include <span>
#include <vector>

#include "features/detail/program.h"
#include "features/entity_state.h"
#include "features/intelligence.h"
#include "ocsf/event.h"

namespace winnow::features {

class NamedEntities;

class Evaluation {
 public:
  explicit Evaluation(const Program& program);
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // Turns to another event; what pointed to values of the one before dangles. `entities` tells what
  // is remembered once that is asked for; null where nobody asks.
  void begin(const ocsf::Event& event, const Intelligence& intelligence,
             const NamedEntities* entities);
  // Computes what is not there yet of a plan of the program.
  void run(std::span<const NodeId> plan);
  const Cell& value(NodeId node) const {
    return *cells_at(program_.layout.step(node).out);
  }  // of a node without a list, once run

 private:
  static constexpr std::size_t kMaxRecords = 1000;  // of one list; the rest is not looked at

  // The cells of the event, or of a list: by column, then by record.
  struct Table {
    bool was_read = false;
    bool present = false;
    std::size_t size = 0;
    std::vector<Cell> cells;
  };
  // What a step reads at one place: the cell of every record, or one cell for all of them.
  struct Source {
    const Cell* first = nullptr;
    std::size_t step = 0;
    const Cell& of(std::size_t record) const { return first[record * step]; }
  };

  void read_attributes(const ocsf::Record& record, std::uint32_t which, std::size_t index);
  const Table& table(std::uint32_t which);
  void read_list(std::uint32_t which);

  Cell* cells_at(Place place) {
    auto& table = tables_[place.table];
    return table.cells.data() + place.column * table.size;
  }
  const Cell* cells_at(Place place) const {
    const auto& table = tables_[place.table];
    return table.cells.data() + place.column * table.size;
  }
  Source source_at(Place place) const {
    return {cells_at(place), place.table == Place::kEvent ? 0UL : 1UL};
  }
  void compute(NodeId id);
  void call(const Step& step);
  template <typename Compute>
  void for_records(const Step& step, Compute compute);
  void call_for_records(const Step& step);
  void call_once_a_text(const Step& step);
  Cell answer_of(const Step& step, std::span<const Cell> arguments);
  Cell fold(const Step& step, Type type);
  Cell remembered(const Node& node);
  const EntityState* state_of(std::size_t history);

  const Program& program_;
  const ocsf::Event* event_ = nullptr;
  const NamedEntities* entities_ = nullptr;
  std::array<std::byte, 16UL << 10> first_memory_;
  std::pmr::monotonic_buffer_resource arena_;
  std::optional<Context> context_;
  std::vector<Table> tables_;       // by Place::table
  std::vector<std::uint8_t> done_;  // by node
  std::vector<Cell> arguments_;     // of the call at work
  std::vector<Source> sources_;     // likewise
  std::vector<Cell> kept_;          // of the fold at work
  struct Answer {
    Primitive::Kernel call;
    std::string_view text;
    Cell answer;
  };
  static constexpr std::size_t kMaxAnswers = 64;  // among which a repeated text is looked for
  std::vector<Answer> answers_;                   // of costly functions
  struct Remembered {
    bool resolved = false;
    const EntityState* state = nullptr;
  };
  std::vector<Remembered> states_;  // by history
  std::deque<EntityState> merged_;
};

}  // namespace winnow::features
