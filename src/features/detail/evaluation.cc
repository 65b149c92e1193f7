#include "features/detail/evaluation.h"

#include <algorithm>

#include "features/detail/named_entities.h"

namespace winnow::features {
namespace {

using ocsf::Value;

// The value as the declared type; missing when the event holds something else.
Cell to_cell(const Value& value, Type type, std::pmr::memory_resource& arena) {
  const auto kind = value.kind();
  switch (type) {
    case Type::Number:
      return kind == Value::Kind::Int || kind == Value::Kind::Real ? Cell::of(value.as_real())
                                                                   : Cell::missing_number();
    case Type::Bool:
      return kind == Value::Kind::Bool ? Cell::of(value.as_bool()) : Cell::missing_number();
    case Type::Text:
      return kind == Value::Kind::Text ? Cell::of(value.as_text()) : Cell::missing_text();
    case Type::Texts: {
      if (kind != Value::Kind::Texts) return Cell::missing_text();
      const auto texts = value.as_texts();
      if (!texts.empty()) return Cell::of_object(texts.data(), texts.size());
      return Cell::of_object(static_cast<std::string_view*>(arena.allocate(1)),
                             0);  // present, of no texts
    }
    default:
      return Cell::missing_text();
  }
}

}  // namespace

Evaluation::Evaluation(const Program& program)
    : program_(program),
      arena_(first_memory_.data(), first_memory_.size()),
      tables_(program.layout.tables()),
      arguments_(program.layout.most_arguments()),
      sources_(program.layout.most_arguments()) {}

void Evaluation::begin(const ocsf::Event& event, const Intelligence& intelligence,
                       const NamedEntities* entities) {
  event_ = &event;
  entities_ = entities;
  arena_.release();
  context_.emplace(Context{program_.vocabulary, intelligence, event.time(), arena_});
  for (auto& table : tables_) table.was_read = table.present = false;
  done_.assign(program_.nodes.size(), 0);
  answers_.clear();
  states_.assign(program_.histories.size(), {});
  merged_.clear();
  const auto beginning = program_.layout.beginning();
  auto& table = tables_[Place::kEvent];
  table.was_read = table.present = true;
  table.size = 1;
  table.cells.assign(beginning.begin(), beginning.end());
  read_attributes(event.attributes(), Place::kEvent, 0);
  // What every event has and no mapping sets.
  static const auto kClass = ocsf::Attribute::of("class_uid"), kTime = ocsf::Attribute::of("time");
  const ocsf::Field derived[] = {
      {kClass, Value::of(std::int64_t{static_cast<std::uint32_t>(event.class_uid())})},
      {kTime, Value::of(event.time().millis())},
  };
  read_attributes(ocsf::Record(derived), Place::kEvent, 0);
}

// One walk over the fields, not one search an attribute.
void Evaluation::read_attributes(const ocsf::Record& record, std::uint32_t which,
                                 std::size_t index) {
  const auto& layout = program_.layout.table(which);
  auto& table = tables_[which];
  for (const auto& field : record.fields()) {
    if (const auto* to = layout.find(field.attribute); to != nullptr)
      table.cells[to->column * table.size + index] = to_cell(field.value, to->type, arena_);
  }
}

// Lists are read when they are first asked for: many plans ask for none.
const Evaluation::Table& Evaluation::table(std::uint32_t which) {
  if (!tables_[which].was_read) read_list(which);
  return tables_[which];
}

void Evaluation::read_list(std::uint32_t which) {
  auto& table = tables_[which];
  table.was_read = true;
  table.size = 0;
  const auto list = event_->get(program_.lists[which - Place::of_list(0)].attribute);
  table.present = list.kind() == Value::Kind::Records;
  const auto records = list.as_records().first(std::min(list.as_records().size(), kMaxRecords));
  if (records.empty()) return;
  table.size = records.size();
  const auto& layout = program_.layout.table(which);
  table.cells.resize(layout.columns * table.size);
  for (const auto& attribute : layout.attributes) {
    std::fill_n(table.cells.begin() + static_cast<std::ptrdiff_t>(attribute.column * table.size),
                table.size, missing_of(attribute.type));
  }
  for (std::size_t i = 0; i < records.size(); ++i) read_attributes(records[i], which, i);
}

void Evaluation::run(std::span<const NodeId> plan) {
  for (const auto id : plan) {
    if (std::exchange(done_[id], 1) == 0) compute(id);
  }
}

void Evaluation::compute(NodeId id) {
  const auto& step = program_.layout.step(id);
  switch (step.kind) {
    case Step::Kind::Given:
      return;
    case Step::Kind::Call:
      return call(step);
    case Step::Kind::ListCall:
      return call_for_records(step);
    case Step::Kind::TextCall:
      return call_once_a_text(step);
    case Step::Kind::Fold:
      *cells_at(step.out) = fold(step, program_.nodes[id].type);
      return;
    case Step::Kind::Remembered:
      *cells_at(step.out) = remembered(program_.nodes[id]);
      return;
  }
}

// What is one value is made of such: all are the event's.
void Evaluation::call(const Step& step) {
  Cell* const cells = tables_[Place::kEvent].cells.data();
  const auto places = program_.layout.arguments(step);
  for (std::size_t a = 0; a < places.size(); ++a) arguments_[a] = cells[places[a].column];
  cells[step.out.column] = step.call(*context_, {arguments_.data(), places.size()});
}

// Calls `compute(i, arguments)` for each record that counts.
template <typename Compute>
void Evaluation::for_records(const Step& step, Compute compute) {
  const auto size = table(step.out.table).size;
  if (size == 0) return;
  const auto places = program_.layout.arguments(step);
  const std::span<const Cell> arguments(arguments_.data(), places.size());
  for (std::size_t a = 0; a < places.size(); ++a) sources_[a] = source_at(places[a]);
  const Cell* where = step.where ? cells_at(*step.where) : nullptr;
  for (std::size_t i = 0; i < size; ++i) {
    if (where != nullptr && !where[i].is_yes()) continue;
    for (std::size_t a = 0; a < places.size(); ++a) arguments_[a] = sources_[a].of(i);
    compute(i, arguments);
  }
}

void Evaluation::call_for_records(const Step& step) {
  for_records(step, [&](std::size_t i, std::span<const Cell> arguments) {
    cells_at(step.out)[i] = step.call(*context_, arguments);
  });
}

void Evaluation::call_once_a_text(const Step& step) {
  for_records(step, [&](std::size_t i, std::span<const Cell> arguments) {
    cells_at(step.out)[i] = answer_of(step, arguments);
  });
}

// The links of a mail repeat few hosts, often the sender's: what was computed for a text is taken
// over.
Cell Evaluation::answer_of(const Step& step, std::span<const Cell> arguments) {
  const auto& text = arguments[0];
  if (text.is_missing()) return step.call(*context_, arguments);
  const auto known = std::find_if(answers_.begin(), answers_.end(), [&](const Answer& other) {
    return other.call == step.call && other.text == text.text();
  });
  if (known != answers_.end()) return known->answer;
  const auto answer = step.call(*context_, arguments);
  if (answers_.size() < kMaxAnswers) answers_.push_back({step.call, text.text(), answer});
  return answer;
}

Cell Evaluation::fold(const Step& step, Type type) {
  const auto& records = table(step.folded);
  if (!records.present) return missing_of(type);
  const auto places = program_.layout.arguments(step);
  const auto where = step.where ? source_at(*step.where) : Source();
  const auto values = places.empty() ? Source() : source_at(places[0]);
  kept_.clear();
  for (std::size_t i = 0; i < records.size; ++i) {
    if (where.first != nullptr && !where.of(i).is_yes()) continue;
    kept_.push_back(values.first == nullptr ? Cell() : values.of(i));
  }
  return step.fold(kept_);
}

// All entities that the key names, as one; null when the event names none.
const EntityState* Evaluation::state_of(std::size_t at) {
  auto& known = states_[at];
  if (std::exchange(known.resolved, true)) return known.state;
  const auto named =
      entities_ == nullptr ? std::span<const EntityState* const>() : entities_->states_of(at);
  if (named.empty()) return nullptr;
  EntityState* merged = nullptr;
  for (const auto* const state : named) {
    if (state == nullptr) continue;
    if (known.state == nullptr) {
      known.state = state;
      continue;
    }
    if (merged == nullptr) known.state = merged = &merged_.emplace_back(*known.state);
    ensure(merged->merge(*state).has_value(), "both states are declared like their history");
  }
  if (known.state == nullptr) known.state = &program_.histories[at].empty;
  return known.state;
}

Cell Evaluation::remembered(const Node& node) {
  const auto* state = state_of(node.history);
  if (state == nullptr) return {};
  return std::visit([](const auto& accumulator) { return Cell::of_object(&accumulator); },
                    state->accumulators()[node.accumulator]);
}

}  // namespace winnow::features
