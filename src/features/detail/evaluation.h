// The values of a program's nodes for one event, each computed once. Borrows everything it is
// given.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <memory_resource>
#include <span>
#include <vector>

#include "features/detail/program.h"
#include "features/entity_states.h"
#include "features/intelligence.h"
#include "ocsf/event.h"

namespace winnow::features {

class Evaluation {
 public:
  // `before` is null where nothing remembered is asked for.
  Evaluation(const Program& program, const ocsf::Event& event, const StateSlice* before,
             const Intelligence& intelligence);
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // Computes what is not there yet of a plan of the program.
  void run(std::span<const NodeId> plan);
  const Cell& value(NodeId node) const {
    return *cells_of(node);
  }  // of a node without a list, once run

  // The entities of a history that the event names; the nodes of its key have been run.
  std::vector<StateKey> keys(const History& history) const;

 private:
  static constexpr std::size_t kMaxRecords = 1000;  // of one list; the rest is not looked at
  static constexpr std::size_t kMaxKeys = 16;       // of one history

  struct Records {
    bool present = false;
    std::size_t size = 0;
    std::vector<ocsf::Value> values;  // by record, then by column
  };
  void read_columns(const ocsf::Event& event);
  void read_records(const ListSource& source, const ocsf::Value& list, Records& out) const;

  const Cell* cells_of(NodeId node) const { return cells_.data() + offsets_[node]; }
  std::size_t size_of(const Node& node) const { return node.list ? records_[*node.list].size : 1; }
  void compute(NodeId id);
  struct Arguments;
  void call(const Node& node, Cell* out);
  void call_once_a_text(const Node& node, const Arguments& sources, Cell* out);
  Cell fold(const Node& node) const;
  Cell remembered(const Node& node);
  const EntityState* state_of(std::size_t history);

  const Program& program_;
  const StateSlice* before_;
  std::array<std::byte, 16UL << 10> first_memory_;
  std::pmr::monotonic_buffer_resource arena_;
  Context context_;
  std::vector<ocsf::Value> columns_;
  std::vector<Records> records_;
  std::vector<std::size_t> offsets_;  // of each node in cells_
  std::vector<Cell> cells_;
  std::vector<std::uint8_t> done_;  // by node
  struct Remembered {
    bool resolved = false;
    const EntityState* state = nullptr;
  };
  std::vector<Remembered> states_;  // by history
  std::deque<EntityState> made_;    // merged or empty ones
};

EntityState empty_state(const History& history);
bool is_state_of(const EntityState& state, const History& history);  // it was declared like this

}  // namespace winnow::features
